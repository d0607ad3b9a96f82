import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandEnvelope, createTopics, type DesiredRooms } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import {
  eventually,
  repoRoot,
  requires,
  silentLogger,
  spawnTypeScript,
  type TempFolder,
  type TypeScriptProcess,
  tempFolder,
} from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { type RoleBroker, startRoleBroker } from '../../../../../deploy/mosquitto/testing/start-with-roles.ts';
import { axeProblems } from '../../test-support/axe.ts';
import { startBrowser, type TestBrowser } from '../../test-support/browser.ts';
import { PlayedHome } from '../../test-support/played-home.ts';
import { buildPage, type RunningConsole, startConsole } from '../../test-support/start-console.ts';

const topics = createTopics();
const policy = {
  quiet: { model_id: 'movenet', max_fps: 0.5 },
  rooms: {
    1: { home: 'processor-a', name: 'Lounge' },
    2: { home: 'processor-a' },
    4: { home: 'processor-b' },
  },
};

/** The orchestrator, the console and the broker with its roles as they are shipped; homes are played. */
requires('chromium', 'mosquitto')('a technician sets up rooms on the page', () => {
  let broker: RoleBroker;
  let folder: TempFolder;
  let built: Awaited<ReturnType<typeof buildPage>>;
  let browser: TestBrowser;
  let running: RunningConsole;
  let orchestrator: TypeScriptProcess;
  let seen: Bus;
  let desired: DesiredRooms | undefined;
  const homes: PlayedHome[] = [];
  let page: Page;

  const homeOf = (room: number): string | undefined => desired?.rooms[String(room)]?.home;
  const heldBy = (room: number): string[] => homes.filter(({ rooms }) => rooms.includes(room)).map(({ name }) => name);
  const outcome = (text: string | RegExp) => page.locator('.outcome').getByText(text).waitFor();

  beforeAll(async () => {
    [broker, folder, built, browser] = await Promise.all([
      startRoleBroker(),
      tempFolder('room-settings'),
      buildPage(),
      startBrowser(),
    ]);
    await writeFile(folder.file('policy.yaml'), JSON.stringify(policy));
    for (const [name, rooms] of [
      ['processor-a', [1, 2]],
      ['processor-b', [4]],
    ] as const) {
      const home = new PlayedHome({ bus: await broker.connect('processor', name), name, rooms });
      homes.push(home);
      await home.start();
    }
    seen = await broker.connect('operator');
    await seen.subscribe(topics.orchestratorRooms, (message) => {
      desired = message.json() as DesiredRooms;
    });
    const args = ['--policy', folder.file('policy.yaml'), '--data-dir', folder.file('data'), '--health-port', '0'];
    const env = {
      PATH: process.env.PATH ?? '',
      MQTT_URL: broker.url('orchestrator'),
      MQTT_USERNAME: 'orchestrator',
      MQTT_PASSWORD: await broker.password('orchestrator'),
      PROCESSOR_MQTT_URL: broker.url('processor'),
      PROCESSOR_MQTT_PASSWORD: await broker.password('processor-a_1'),
    };
    orchestrator = spawnTypeScript(join(repoRoot, 'apps/orchestrator/src/main.ts'), args, { env });
    running = await startConsole(['--no-auth', '--mqtt-url', broker.url('console')], built.dir, silentLogger(), {
      MQTT_USERNAME: 'console',
      MQTT_PASSWORD: await broker.password('console'),
    });
    await eventually(() => expect(Object.keys(desired?.rooms ?? {})).toEqual(['1', '2', '4']), { timeoutMs: 120_000 });
    page = await browser.open(`${running.url}#/rooms`);
    await page.waitForSelector('.tile[data-room="4"]');
  });

  afterAll(async () => {
    orchestrator?.child.kill('SIGTERM');
    await orchestrator?.ended;
    await running?.stop();
    await Promise.all(homes.map((home) => home.stop()));
    await seen?.stop();
    await browser?.stop();
    await built?.remove();
    await broker?.stop();
    await folder?.remove();
  });

  it('adds one: the page names the processor and the reason, and only that processor is given the room', async () => {
    await page.click('text=Set up rooms');
    await page.waitForSelector('[data-room-setup="4"]');
    await page.fill('input[name="number"]', '8');
    await page.fill('input[name="name"]', 'Bath');
    await page.fill('input[name="ward"]', '2');
    await page.click('button:text-is("Add the room")');
    await outcome('Room 8 is given to processor-b. It has the least to do: 1 of 3 rooms before.');
    await page.waitForSelector('[data-room-setup="8"]:has-text("Bath")');
    expect(await axeProblems(page)).toEqual([]);
    expect(desired?.rooms['8']).toMatchObject({ home: 'processor-b', name: 'Bath', ward: '2' });
    await eventually(() => expect(heldBy(8)).toEqual(['processor-b']));
  });

  it('keeps what was typed when a room is refused, and states why', async () => {
    await page.fill('input[name="number"]', '4');
    await page.fill('input[name="name"]', 'Attic');
    await page.click('button:text-is("Add the room")');
    await outcome('A room with this number is monitored already.');
    await eventually(async () => expect(await page.inputValue('input[name="name"]')).toBe('Attic'));
    await page.fill('input[name="number"]', '9');
    await page.fill('input[name="address"]', 'rtsp://admin:s3cret@10.0.0.9/1');
    await page.click('button:text-is("Add the room")');
    await outcome('The address contains a password, which only go2rtc may keep.');
    expect(homeOf(9)).toBeUndefined();
  });

  it('changes its name and moves it to another processor', async () => {
    await page.click('[data-room-setup="8"] a');
    await page.waitForSelector('h1:text-is("Bath")');
    await page.fill('input[name="name"]', 'Bath, window');
    await page.click('button:text-is("Save")');
    await outcome('Room 8 is changed.');
    expect(desired?.rooms['8']?.name).toBe('Bath, window');
    await page.selectOption('select[name="home"]', 'processor-a');
    await page.click('button:text-is("Move the room")');
    await outcome('Room 8 moves from processor-b to processor-a.');
    await eventually(() => expect(heldBy(8)).toEqual(['processor-a']), { timeoutMs: 60_000 });
  });

  it('removes it only after a question that names the consequence', async () => {
    await page.click('button:text-is("Remove this room …")');
    await page.waitForSelector('text=The room is monitored by processor-a. After its removal, falls in it are not');
    expect(await axeProblems(page)).toEqual([]);
    await page.click('button:text-is("Keep the room")');
    expect(homeOf(8)).toBe('processor-a');
    await page.click('button:text-is("Remove this room …")');
    await page.click('button:text-is("Do not monitor room 8 any more")');
    await page.waitForSelector('[data-room-setup="8"]', { state: 'detached' });
    await eventually(() => expect(heldBy(8)).toEqual([]));
    expect(homeOf(8)).toBeUndefined();
  });

  it('sends a command that stops monitoring only after a question that names the rooms, and shows what a question is answered with', async () => {
    const sent: string[] = [];
    await seen.subscribe(topics.commands, (message) => void sent.push((message.json() as CommandEnvelope).command));
    await page.goto(`${running.url}#/processors`);
    await page.selectOption('select[name="command"]', 'pause');
    await page.click('button:text-is("Send")');
    await page.waitForSelector('text=Lounge, Room 2, Room 4 are not monitored until you send resume');
    await page.click('button:text-is("Cancel")');
    expect(sent).not.toContain('pause');
    await page.click('button:text-is("Send")');
    await page.click('button:text-is("Yes, send pause")');
    await eventually(() => expect(sent).toContain('pause'));
    await page.selectOption('select[name="command"]', 'add_stream');
    const receivers = page.locator('select[name="target"] option');
    await eventually(async () => expect(await receivers.allTextContents()).toEqual(['processor-a', 'processor-b']));
    await page.selectOption('select[name="command"]', 'orchestrator status');
    await page.click('button:text-is("Send")');
    await page.waitForSelector('.command-result:has-text("open_incidents")');
    expect(await axeProblems(page)).toEqual([]);
  });

  it('is offered in Spanish on a phone without scrolling sideways', async () => {
    const phone = await browser.open(`${running.url}#/room-settings`, { width: 390, height: 844, language: 'es' });
    await phone.waitForSelector('button:text-is("Añadir la habitación")');
    const wide = await phone.evaluate('document.documentElement.scrollWidth > window.innerWidth');
    expect(wide).toBe(false);
    expect(await axeProblems(phone)).toEqual([]);
    expect(browser.errors).toEqual([]);
  });
});
