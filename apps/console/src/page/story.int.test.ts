import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { brotliDecompressSync } from 'node:zlib';
import { connectBus, eventually, requires, startMosquitto } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { axeProblems } from '../test-support/axe.ts';
import { startBrowser, type TestBrowser } from '../test-support/browser.ts';
import { FakeHouse } from '../test-support/fake-house.ts';
import { fakeRooms, lying, standing } from '../test-support/fake-messages.ts';
import { screenshot } from '../test-support/screenshot.ts';
import { buildPage, type RunningConsole, startConsole } from '../test-support/start-console.ts';

const names = ['Mrs Alonso', 'Mr Brandt', 'Mrs Castillo', 'free', 'Mrs Ekberg', 'Mr Ferrer', 'free', 'Mrs Hansen'].map(
  (who, id) => `Room ${id} · ${who}`,
);
const phone = { width: 390, height: 844 };

requires('chromium', 'mosquitto')('the story of a fall, as people see it in a browser', () => {
  let broker: Awaited<ReturnType<typeof startMosquitto>>;
  let page: { dir: string; remove(): Promise<void> };
  let running: RunningConsole;
  let browser: TestBrowser;
  let bus: Awaited<ReturnType<typeof connectBus>>;
  let house: FakeHouse;

  beforeAll(async () => {
    [broker, page, browser] = await Promise.all([startMosquitto(), buildPage(), startBrowser()]);
    running = await startConsole(['--no-auth', '--mqtt-url', broker.url], page.dir);
    bus = await connectBus(broker.url);
    house = new FakeHouse(bus, fakeRooms(8, names));
    await house.start();
  });
  afterAll(async () => {
    house?.stop();
    await browser?.stop();
    await running?.stop();
    await bus?.stop();
    await broker?.stop();
    await page?.remove();
  });

  const condition = (window: Page, room: number, wanted: string): Promise<unknown> =>
    window.waitForSelector(`.tile[data-room="${room}"][data-condition="${wanted}"]`, { state: 'attached' });

  it('turns the tile red, is acknowledged with a name, and goes back to normal', async () => {
    const carer = await browser.open(running.url, phone);
    await condition(carer, 2, 'well');
    await screenshot(carer, 'phone-quiet');
    await house.seen(2, [lying]);
    await house.fall(2, 'candidate');
    await condition(carer, 2, 'suspected');
    await house.incident({ incident_id: 'inc-1', source_id: 2, detected_at: new Date().toISOString() });
    await condition(carer, 2, 'fall');
    await eventually(async () => expect(await carer.locator('.tile').first().getAttribute('data-room')).toBe('2'));
    await eventually(async () => expect(await carer.locator('.alarm').textContent()).toContain('Mrs Castillo'));
    await eventually(async () => expect(await carer.title()).toContain('Person on the floor'));
    await screenshot(carer, 'phone-fall');
    expect(await carer.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);

    await carer.fill('.alarm input[name="by"]', 'Ana Ruiz');
    await carer.click('.alarm button.main');
    await carer.waitForSelector('[data-incident="inc-1"][data-state="acknowledged"]');
    expect(house.heard.at(-1)).toMatchObject({
      command: 'acknowledge',
      params: { incident_id: 'inc-1', by: 'Ana Ruiz', via: 'page' },
    });
    await eventually(async () => expect(await carer.locator('.alarm').count()).toBe(0));

    await house.dedicated('processor-a_1', 2, 'inc-1');
    await house.seen(2, [lying], { id: 'processor-a_1', model: 'movenet-precise' });
    await house.status('processor-a', {}, [0, 1, 3]);
    await carer.locator('.facts dd', { hasText: /^processor-a_1$/ }).waitFor();
    await carer.locator('.facts dd', { hasText: /^movenet-precise$/ }).waitFor();
    await carer.getByRole('button', { name: 'Helped' }).click();
    await carer.getByRole('button', { name: 'Close it: Helped' }).click();
    await carer.waitForSelector('[data-incident="inc-1"][data-state="closed"]');
    await house.status('processor-a');
    await house.gone('processor-a_1');
    await house.fall(2, 'none');
    await house.seen(2, [standing]);
    await carer.goto(`${running.url}#/rooms`);
    await condition(carer, 2, 'well');
    await carer.goto(`${running.url}#/incidents`);
    const history = carer.locator('[data-incident="inc-1"][data-state="closed"]');
    await history.locator('summary', { hasText: 'Timeline' }).click();
    await eventually(async () => expect(await history.textContent()).toContain('Acknowledged by Ana Ruiz'));
  });

  it('weighs at most 40 kB on its way to a phone', async () => {
    const window = await browser.open(running.url);
    await condition(window, 1, 'well');
    const loaded = (await window.evaluate(
      `[location.href, ...performance.getEntriesByType('resource').map(({ name }) => name)]`,
    )) as string[];
    const files = [...new Set(loaded.map((one) => one.replace(/#.*/, '')))].filter((one) => !one.includes('/api/'));
    expect(files.length).toBeGreaterThan(2);
    const sizes = await Promise.all(files.map(async (file) => (await compressed(file)).byteLength));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(40_000);
    for (const file of files) {
      const plain = Buffer.from(
        await (await fetch(file, { headers: { 'accept-encoding': 'identity' } })).arrayBuffer(),
      );
      expect(brotliDecompressSync(await compressed(file)).equals(plain)).toBe(true);
    }
  });

  it('never shows a site that it cannot hear as all well, and recovers by itself', async () => {
    const window = await browser.open(running.url, { language: 'es' });
    await condition(window, 1, 'well');
    await broker.kill();
    await window.waitForSelector('.stale-bar');
    await condition(window, 1, 'unknown');
    await eventually(async () => expect(await window.locator('[data-condition="well"]').count()).toBe(0));
    await eventually(async () =>
      expect(await window.locator('.tile[data-room="1"]').textContent()).toContain('Sin actualizar'),
    );
    await screenshot(window, 'desktop-not-current');
    await broker.restart();
    await eventually(() => expect(bus.connected).toBe(true));
    await house.publishState();
    await condition(window, 1, 'well');
    await eventually(async () => expect(await window.locator('.stale-bar').count()).toBe(0));
  });

  it('shows itself as not current while the console is unreachable', async () => {
    const window = await browser.open(running.url);
    await condition(window, 1, 'well');
    const port = new URL(running.url).port;
    await running.stop();
    await condition(window, 1, 'unknown');
    running = await startConsole(['--no-auth', '--mqtt-url', broker.url, '--port', port], page.dir);
    await eventually(async () => expect(await window.locator('[data-condition="well"]').count()).toBe(8));
    // the new console knows nothing of the old sign-in: the page must have got a new token for its changes
    await window.goto(`${running.url}#/processors`);
    await window.fill('input[name="max_fps"]', '0.5');
    await window.click('section.panel button.main');
    await window.waitForSelector('.outcome .good');
    expect(house.heard.at(-1)).toMatchObject({ command: 'set_fps', params: { max_fps: 0.5 } });
  });

  it('can be dealt with by the keyboard alone, as a false alarm, and that is what the history shows', async () => {
    const window = await browser.open(running.url);
    await house.incident({ incident_id: 'inc-3', source_id: 6 });
    await condition(window, 6, 'fall');
    const tabTo = async (selector: string): Promise<void> => {
      for (let n = 0; n < 60; n++) {
        if (await window.evaluate(`document.activeElement.matches('${selector}')`)) return;
        await window.keyboard.press('Tab');
      }
      throw new Error(`${selector} cannot be reached with Tab`);
    };
    await tabTo('.alarm input[name="by"]');
    await window.keyboard.type('Eva Keys');
    await tabTo('.alarm button.main');
    await window.keyboard.press('Enter');
    await window.waitForSelector('[data-room="6"][data-condition="helping"]');
    expect(house.heard.at(-1)).toMatchObject({ command: 'acknowledge', params: { by: 'Eva Keys' } });
    await window.goto(`${running.url}#/incidents`);
    await window.getByRole('button', { name: 'False alarm' }).click();
    await window.getByRole('button', { name: 'Close it: False alarm' }).click();
    const closed = window.locator('[data-incident="inc-3"][data-state="closed"]');
    await closed.waitFor();
    const outcome = { incident_id: 'inc-3', outcome: 'false_alarm', by: 'Eva Keys' };
    expect(house.heard.at(-1)).toMatchObject({ command: 'resolve', params: outcome });
    await eventually(async () => expect(await closed.locator('header').textContent()).toContain('False alarm'));
  });

  it('shows that a person who is up again was on the floor, until the alarm is acknowledged', async () => {
    const window = await browser.open(running.url);
    await house.incident({ incident_id: 'inc-4', source_id: 6, recovered_at: new Date().toISOString() });
    await condition(window, 6, 'recovered');
    await eventually(async () => expect(await window.locator('.alarm').textContent()).toContain('is up again'));
    await eventually(async () => expect(await window.title()).toContain('is up again'));
    await house.incident({ incident_id: 'inc-4', source_id: 6, state: 'closed', closed_at: new Date().toISOString() });
    await window.waitForSelector('.alarm', { state: 'detached' });
  });

  it('starts a drill after asking once more', async () => {
    const window = await browser.open(`${running.url}#/rooms/3`);
    await window.click('text=Start a drill');
    expect(house.heard.at(-1)?.command).not.toBe('drill');
    await window.click('text=Yes, start');
    await window.waitForSelector('button:has-text("Start a drill in Room 3")');
    expect(house.heard.at(-1)).toMatchObject({ command: 'drill', params: { source_id: 3 } });
  });

  it('has no problem that axe finds, in light and dark, on a phone in Spanish, and makes no requests to other servers', async () => {
    await house.seen(5, [lying]);
    await house.incident({ incident_id: 'inc-2', source_id: 5 });
    for (const [look, dark] of [
      [{}, false],
      [{ dark: true }, true],
      [{ ...phone, language: 'es' as const }, false],
    ] as const) {
      const window = await browser.open(running.url, look);
      await condition(window, 5, 'fall');
      for (const view of ['rooms', 'rooms/5', 'incidents', 'processors', 'zones/1']) {
        await window.goto(`${running.url}#/${view}`);
        await window.waitForSelector('main h1');
        const problems = await axeProblems(window, dark ? ['color-contrast'] : undefined);
        expect({ view, look, problems }).toEqual({ view, look, problems: [] });
        if (view === 'rooms' && Object.keys(look).length === 0) {
          await screenshot(window, 'desktop-rooms');
        }
        if (view === 'processors' && dark) {
          await screenshot(window, 'desktop-processors');
        }
      }
    }
    expect(browser.outside).toEqual([]);
    expect(browser.errors).toEqual([]);
  });
});

/** The bytes that travel: fetch would decompress them. */
async function compressed(url: string): Promise<Buffer> {
  const asked = request(url, { headers: { 'accept-encoding': 'br' } }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  expect(response.headers['content-encoding']).toBe('br');
  return Buffer.concat(await response.toArray());
}
