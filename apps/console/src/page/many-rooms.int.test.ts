import { eventually, requires } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { axeProblems } from '../test-support/axe.ts';
import { fakeRooms, lying } from '../test-support/fake-messages.ts';
import { screenshot } from '../test-support/screenshot.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';

/** Of one core, with each room seen every second. CPU time, because a shared machine's pauses show nothing about the page. */
const busiestShare = 0.5;

requires('chromium')('200 rooms', () => {
  let shown: ShownHouse;

  beforeAll(async () => {
    const rooms = [...fakeRooms(200)].map(([id, room]) => [id, { ...room, ward: String(1 + (id % 4)) }] as const);
    shown = await showHouse(new Map(rooms));
  });
  afterAll(() => shown?.stop());

  it('stay smooth while each of them is seen every second, and the fall is on top at once', async () => {
    const { browser, house, url } = shown;
    const window = await browser.open(url);
    await eventually(async () => expect(await window.locator('[data-condition="well"]').count()).toBe(200));
    const cpu = await mainThreadMeter(window);
    const before = await cpu();
    const published = house.published;
    await eventually(() => expect(house.published - published).toBeGreaterThanOrEqual(200 * 5), { timeoutMs: 60_000 });
    const spent = (await cpu()) - before;
    expect(spent).toBeLessThan(5 * busiestShare);
    await house.seen(123, [lying]);
    const startedMs = performance.now();
    await house.incident({ incident_id: 'inc-123', source_id: 123 });
    await window.waitForSelector('.tile:first-child[data-room="123"][data-condition="fall"]');
    expect(performance.now() - startedMs).toBeLessThan(15_000);
    await window.fill('input[type="search"]', 'Room 17');
    await eventually(async () => expect(await window.locator('.tile').count()).toBe(11));
    await window.fill('input[type="search"]', '');
    expect(browser.errors).toEqual([]);
  });

  it('are chosen by ward and by need, and each is three touches away on a phone', async () => {
    const window = await shown.browser.open(shown.url, { width: 390, height: 844 });
    const rooms = window.locator('main li[data-room]');
    await eventually(async () => expect(await rooms.count()).toBe(200));
    // one touch, kept for the next time; then one swipe and one touch
    await window.getByRole('button', { name: 'Compact' }).click();
    await window.reload();
    await eventually(async () => expect(await window.locator('.chip').count()).toBe(200));
    await eventually(async () => {
      const { screens, sideways } = await window.evaluate<{ screens: number; sideways: boolean }>(
        '({ screens: document.documentElement.scrollHeight / innerHeight, sideways: document.documentElement.scrollWidth > innerWidth })',
      );
      expect(screens).toBeLessThan(4.5);
      expect(sideways).toBe(false);
    });
    const least = await window.evaluate<number>(
      'Math.min(...[...document.querySelectorAll(".chip > a")].map((one) => one.clientHeight))',
    );
    expect(least).toBeGreaterThanOrEqual(42);
    await screenshot(window, 'phone-rooms-compact');
    expect(await axeProblems(window)).toEqual([]);
    await window.locator('select[name="ward"]').selectOption('3');
    await eventually(async () => expect(await rooms.count()).toBe(50));
    await window.getByRole('button', { name: 'Needs attention' }).click();
    await eventually(async () => expect(await window.locator('.empty').count()).toBe(1));
    await window.locator('select[name="ward"]').selectOption('4');
    await eventually(async () => expect(await rooms.count()).toBe(1));
    await eventually(async () => expect(await rooms.getAttribute('data-room')).toBe('123'));
    await rooms.first().getByRole('link').click();
    await eventually(async () => expect(window.url()).toContain('#/rooms/123'));
    expect(shown.browser.errors).toEqual([]);
  });

  it('put each "I am on my way" within two taps on a phone while 20 incidents are open', async () => {
    const window = await shown.browser.open(`${shown.url}#/rooms/150`, { width: 390, height: 844 });
    for (let id = 0; id < 20; id++) {
      await shown.house.incident({ incident_id: `inc-${id}`, source_id: id });
    }
    await window.waitForSelector('.alarm[data-alarms="21"]');
    await window.locator('.menu summary').click();
    await window.fill('input[name="own-name"]', 'Ana Ruiz');
    await window.locator('.menu summary').click();
    for (const id of [19, 7, 0]) {
      await window.locator('.alarm .alarm-all').click();
      await window.locator(`[data-incident="inc-${id}"]`).getByRole('button', { name: 'I am on my way' }).click();
      await window.waitForSelector(`[data-incident="inc-${id}"][data-state="acknowledged"]`);
      expect(shown.house.heard.at(-1)).toMatchObject({ command: 'acknowledge', params: { incident_id: `inc-${id}` } });
      await shown.house.incident({ incident_id: `inc-${id}`, source_id: id, state: 'open' });
      await window.goBack();
    }
  });
});

/** Answers how many CPU seconds the page's main thread has spent since the meter was made. */
async function mainThreadMeter(window: Page): Promise<() => Promise<number>> {
  const session = await window.context().newCDPSession(window);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
}
