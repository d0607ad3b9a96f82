import { connectBus, eventually, requires, startMosquitto, type TempFolder, tempFolder } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { removeUser, writeStation, writeUser } from '../server/auth/account-changes.ts';
import { axeProblems } from '../test-support/axe.ts';
import { startBrowser, type TestBrowser } from '../test-support/browser.ts';
import { countNotes } from '../test-support/count-notes.ts';
import { FakeHouse } from '../test-support/fake-house.ts';
import { fakeRooms, lying } from '../test-support/fake-messages.ts';
import { screenshot } from '../test-support/screenshot.ts';
import { buildPage, type RunningConsole, startConsole } from '../test-support/start-console.ts';

const password = 'a long password';
/** What docs/console.md promises, and a loaded machine's share. */
const soundsWithinMs = 20_000 + 5000;

requires('chromium', 'mosquitto')('the wall screen of a ward, and what can be heard', () => {
  let broker: Awaited<ReturnType<typeof startMosquitto>>;
  let built: { dir: string; remove(): Promise<void> };
  let folder: TempFolder;
  let running: RunningConsole;
  let browser: TestBrowser;
  let bus: Awaited<ReturnType<typeof connectBus>>;
  let house: FakeHouse;
  let users: string;
  let port: string;

  beforeAll(async () => {
    [broker, built, browser, folder] = await Promise.all([
      startMosquitto(),
      buildPage(),
      startBrowser(),
      tempFolder('station'),
    ]);
    users = folder.file('users.json');
    await writeUser(users, { name: 'ana', display_name: 'Ana Ruiz', role: 'nurse' }, password);
    running = await startConsole(['--users-file', users, '--mqtt-url', broker.url], built.dir);
    port = new URL(running.url).port;
    bus = await connectBus(broker.url);
    house = new FakeHouse(bus, fakeRooms(4));
    await house.start();
  });
  afterAll(async () => {
    house?.stop();
    await browser?.stop();
    await running?.stop();
    await bus?.stop();
    await broker?.stop();
    await built?.remove();
    await folder?.remove();
  });

  const openStation = async (): Promise<Page> => {
    const token = await writeStation(users, { name: 'ward-2', display_name: 'Ward 2' });
    const window = await browser.open(`${running.url}#/station/${token}`);
    await window.waitForSelector('.station');
    expect(window.url()).not.toContain(token);
    return window;
  };
  const notes = (window: Page): Promise<number> => window.evaluate('globalThis.notes ?? 0');
  const counted = async (window: Page): Promise<Page> => {
    await countNotes(window);
    await window.reload();
    return window;
  };
  const close = (id: string, source_id: number): Promise<void> =>
    house.incident({ incident_id: id, source_id, state: 'closed', closed_at: new Date().toISOString() });

  it('signs in once by a link, may change nothing, and stays signed in over a restart of the console', async () => {
    const window = await openStation();
    await house.seen(2, [lying]);
    await house.incident({ incident_id: 'inc-1', source_id: 2 });
    await window.waitForSelector('.station-room[data-room="2"][data-condition="fall"]');
    await eventually(async () => expect(await window.locator('.alarm button').count()).toBe(0));
    expect(await window.title()).toContain('Rooms that need attention');
    expect(await axeProblems(window)).toEqual([]);
    await screenshot(window, 'station');
    await running.stop();
    await window.waitForSelector('[data-faults="console"]');
    await restart();
    await window.waitForSelector('[data-faults]', { state: 'detached' });
    await window.reload();
    await window.waitForSelector('.station-room[data-room="2"][data-condition="fall"]');
    await close('inc-1', 2);
    await removeUser(users, 'ward-2');
    await window.waitForSelector('form input[name="password"]');
  });

  it('a person too stays signed in over a restart of the console', async () => {
    const window = await browser.open(running.url);
    await window.fill('input[name="name"]', 'ana');
    await window.fill('input[name="password"]', password);
    await window.click('button[type="submit"]');
    await window.waitForSelector('.tile');
    // pressing the button of the sign-in form, where sound is asked for, made the page audible
    await window.waitForSelector('[data-sound="ready"]');
    await running.stop();
    await restart();
    await window.reload();
    await window.waitForSelector('.tile[data-condition="well"]');
  });

  it('asks whether it should sound; after a reload a mute page shows in red that it is mute, and one touch ends that', async () => {
    const window = await counted(await openStation());
    await window.waitForSelector('[data-sound-bar="question"]');
    await window.click('[data-sound-bar="question"] button.main');
    await window.waitForSelector('[data-sound="ready"]');
    await eventually(async () => expect(await notes(window)).toBeGreaterThan(0));
    await window.reload();
    await window.waitForSelector('[data-sound-bar="blocked"]');
    await eventually(async () => expect(await window.locator('[data-sound="blocked"]').count()).toBe(1));
    expect(await axeProblems(window)).toEqual([]);
    await house.incident({ incident_id: 'inc-2', source_id: 1 });
    await window.waitForSelector('.alarm');
    expect(await notes(window)).toBe(0);
    await window.mouse.click(600, 700);
    await window.waitForSelector('[data-sound="ready"]');
    await eventually(async () => expect(await window.locator('[data-sound-bar]').count()).toBe(0));
    await eventually(async () => expect(await notes(window)).toBeGreaterThan(1));
    await close('inc-2', 1);
    await window.waitForSelector('.alarm', { state: 'detached' });
  });

  it('turns a mute page audible, not off, when its switch is pressed with the space bar', async () => {
    const window = await openStation();
    await window.click('[data-sound-bar="question"] button.main');
    await window.reload();
    await window.waitForSelector('[data-sound-bar="blocked"]');
    await window.focus('button[data-sound]');
    // a page may be audible from the moment the key goes down; the button is pressed when it comes up
    await window.keyboard.down(' ');
    await window.waitForTimeout(500);
    await window.keyboard.up(' ');
    await window.waitForSelector('[data-sound="ready"]');
  });

  it('sounds where the console has never sent anything since the screen was switched on', async () => {
    const window = await openStation();
    await countNotes(window);
    await window.route('**/api/live', () => undefined);
    await window.reload();
    await window.click('[data-sound-bar="question"] button.main');
    await eventually(async () => expect(await notes(window)).toBeGreaterThan(0));
    const before = await notes(window);
    await window.waitForSelector('[data-faults="console"]');
    await eventually(async () => expect(await notes(window)).toBeGreaterThanOrEqual(before + 3), { timeoutMs: 40_000 });
  });

  it('sounds for a fault that follows one that a person has silenced', async () => {
    const window = await counted(await openStation());
    await window.click('[data-sound-bar="question"] button.main');
    await window.waitForSelector('[data-tone-test="played"]');
    await house.notifier('offline');
    await window.getByRole('button', { name: 'Silence for 15 minutes' }).click();
    const before = await notes(window);
    await house.orchestratorStatus('offline');
    await window.waitForSelector('[data-faults="orchestrator notifier"]');
    await eventually(async () => expect(await notes(window)).toBeGreaterThanOrEqual(before + 3));
    await house.notifier('online');
    await house.orchestratorStatus('acting');
    await window.waitForSelector('[data-faults]', { state: 'detached' });
  });

  it('plays no alarm where the sound was turned off', async () => {
    const window = await counted(await openStation());
    await window.click('[data-sound-bar="question"] button.plain');
    await house.incident({ incident_id: 'inc-3', source_id: 1 });
    await window.waitForSelector('.alarm');
    await eventually(async () => expect(await window.locator('[data-sound="off"]').count()).toBe(1));
    expect(await notes(window)).toBe(0);
    await close('inc-3', 1);
  });

  const restart = async (): Promise<void> => {
    running = await startConsole(['--users-file', users, '--mqtt-url', broker.url, '--port', port], built.dir);
  };

  it.each([
    ['console', () => running.stop(), restart],
    ['orchestrator', () => house.orchestratorStatus('offline'), () => house.orchestratorStatus('acting')],
    ['notifier', () => house.notifier('offline'), () => house.notifier('online')],
    ['broker', () => broker.kill(), () => broker.restart()],
  ] as const)('sounds and shows what to do when the %s is lost', async (name, lose, bringBack) => {
    const window = await counted(await openStation());
    await window.click('[data-sound-bar="question"] button.main');
    await window.waitForSelector('[data-tone-test="played"]');
    await eventually(async () => expect(await notes(window)).toBeGreaterThan(0));
    const before = await notes(window);
    await lose();
    const lostMs = performance.now();
    await window.waitForSelector(`[data-faults="${name}"]`);
    await eventually(async () =>
      expect(await window.locator('[data-faults]').textContent()).toMatch(/[Cc]all the technician/),
    );
    await eventually(async () => expect(await notes(window)).toBeGreaterThanOrEqual(before + 3), { timeoutMs: 40_000 });
    expect(performance.now() - lostMs).toBeLessThan(soundsWithinMs);
    await bringBack();
    await window.waitForSelector('[data-faults]', { state: 'detached' });
  });
});
