import { eventually, requires } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { fakeRooms, lying } from '../test-support/fake-messages.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';

/** Of one core, with each room seen every second. CPU time, because a shared machine's pauses show nothing about the page. */
const busiestShare = 0.5;

requires('chromium')('200 rooms', () => {
  let shown: ShownHouse;

  beforeAll(async () => {
    shown = await showHouse(fakeRooms(200));
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
