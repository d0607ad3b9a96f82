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
    expect(await carer.locator('.tile').first().getAttribute('data-room')).toBe('2');
    expect(await carer.locator('.alarm').textContent()).toContain('Mrs Castillo');
    expect(await carer.title()).toContain('Person on the floor');
    await screenshot(carer, 'phone-fall');
    expect(await carer.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);

    await carer.fill('.alarm input[name="by"]', 'Ana Ruiz');
    await carer.click('.alarm button.main');
    await condition(carer, 2, 'helping');
    expect(house.heard.at(-1)).toMatchObject({
      command: 'acknowledge',
      params: { incident_id: 'inc-1', by: 'Ana Ruiz' },
    });
    expect(await carer.locator('.alarm').count()).toBe(0);

    await carer.click('.tile[data-room="2"] a');
    await carer.click('[data-incident="inc-1"] >> text=Helped');
    await carer.waitForSelector('[data-incident="inc-1"]', { state: 'detached' });
    await house.fall(2, 'none');
    await house.seen(2, [standing]);
    await carer.goto(`${running.url}#/rooms`);
    await condition(carer, 2, 'well');
    await carer.goto(`${running.url}#/incidents`);
    const history = carer.locator('[data-incident="inc-1"][data-state="closed"]');
    await history.locator('summary').click();
    expect(await history.textContent()).toContain('Acknowledged by Ana Ruiz');
  });

  it('never shows a house it cannot hear as all well, and recovers by itself', async () => {
    const window = await browser.open(running.url, { language: 'es' });
    await condition(window, 1, 'well');
    await broker.kill();
    await window.waitForSelector('.stale-bar');
    await condition(window, 1, 'unknown');
    expect(await window.locator('[data-condition="well"]').count()).toBe(0);
    expect(await window.locator('.tile[data-room="1"]').textContent()).toContain('Sin actualizar');
    await screenshot(window, 'desktop-not-current');
    await broker.restart();
    await eventually(() => expect(bus.connected).toBe(true));
    await house.publishState();
    await condition(window, 1, 'well');
    expect(await window.locator('.stale-bar').count()).toBe(0);
  });

  it('shows itself as not current while the console is away', async () => {
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

  it('has no problem that axe finds, in light and dark, and asks nobody outside', async () => {
    await house.seen(5, [lying]);
    await house.incident({ incident_id: 'inc-2', source_id: 5 });
    for (const dark of [false, true]) {
      const window = await browser.open(running.url, { dark });
      await condition(window, 5, 'fall');
      for (const view of ['rooms', 'rooms/5', 'incidents', 'processors', 'zones/1']) {
        await window.goto(`${running.url}#/${view}`);
        await window.waitForSelector('main h1');
        const problems = await axeProblems(window, dark ? ['color-contrast'] : undefined);
        expect({ view, dark, problems }).toEqual({ view, dark, problems: [] });
        if (view === (dark ? 'processors' : 'rooms')) await screenshot(window, `desktop-${view}`);
      }
    }
    expect(browser.outside).toEqual([]);
    expect(browser.errors).toEqual([]);
  });
});
