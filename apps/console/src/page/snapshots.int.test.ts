import { eventually, requires } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { axeProblems } from '../test-support/axe.ts';
import { fakeRooms } from '../test-support/fake-messages.ts';
import { screenshot } from '../test-support/screenshot.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';

requires('chromium')('snapshots of rooms, as people see them in a browser', () => {
  let shown: ShownHouse;
  let house: ShownHouse['house'];
  let window: Page;

  beforeAll(async () => {
    shown = await showHouse(fakeRooms(4));
    house = shown.house;
    window = await shown.browser.open(`${shown.url}#/rooms/1`, { height: 1100 });
  });
  afterAll(() => shown?.stop());

  const showsSnapshot = (kind: 'none' | 'coarse' | 'clear'): Promise<unknown> =>
    window.waitForSelector(`[data-picture="${kind}"]`);
  const label = (): Promise<string | null> => window.locator('main svg.frame').first().getAttribute('aria-label');

  it('cannot even be asked for while the policy does not allow them; a technician can change that', async () => {
    await window.waitForSelector('main h1');
    await eventually(async () => expect(await window.locator('[data-picture]').count()).toBe(0));
    expect(await label()).toContain('No snapshot is shown');
    await window.click('.menu summary');
    await window.click('[data-pictures="off"] button');
    await window.waitForSelector('[data-pictures="on"]');
    expect(house.heard.at(-1)).toMatchObject({
      command: 'change_policy',
      params: { changes: [{ path: ['snapshots'], value: true }] },
    });
    await window.click('.menu summary');
    await showsSnapshot('none');
  });

  it('are coarse first, and clear only for people who have entered their name', async () => {
    await window.click('text=Show a snapshot');
    await showsSnapshot('coarse');
    expect(await label()).toMatch(/Coarse snapshot of \d\d:\d\d:\d\d/);
    expect(await label()).not.toContain('No snapshot');
    expect(await axeProblems(window)).toEqual([]);
    await window.click('text=Reveal');
    await window.locator('.picture input[name="by"]').pressSequentially('Ana Ruiz');
    expect(house.heard.at(-1)?.params).not.toMatchObject({ reveal: true });
    await window.click('text=Reveal');
    await showsSnapshot('clear');
    expect(house.heard.at(-1)).toMatchObject({ command: 'snapshot', params: { reveal: true, by: 'Ana Ruiz' } });
    expect(await axeProblems(window)).toEqual([]);
  });

  it('disappear with the room, after a while by themselves, and when the policy forbids them', async () => {
    await window.goto(`${shown.url}#/rooms/2`);
    await window.waitForSelector('h1:text-is("Room 2 · test")', { timeout: 10_000 });
    await eventually(async () => expect(await window.locator('.still').count()).toBe(0));
    await window.click('text=Show a snapshot');
    await showsSnapshot('coarse');
    expect(house.heard.at(-1)).toMatchObject({ command: 'snapshot', params: { source_id: 2 } });
    await window.waitForSelector('[data-picture="none"]', { timeout: 120_000 });
    await window.click('text=Show a snapshot');
    await showsSnapshot('coarse');
    await house.allowSnapshots(false);
    await eventually(async () => expect(await window.locator('[data-picture], .still').count()).toBe(0));
    await house.allowSnapshots(true);
    await showsSnapshot('none');
  });

  it('are replaced by a reason when there is none', async () => {
    house.sendsSnapshots = false;
    await window.click('text=Show a snapshot');
    await window.waitForSelector('text=The processor sent no snapshot.');
    house.sendsSnapshots = true;
  });

  it('lie under the zones that are drawn, which stay when the snapshot disappears', async () => {
    await window.goto(`${shown.url}#/zones/1`);
    await window.click('text=Show a snapshot');
    await showsSnapshot('coarse');
    await window.click('text=Reveal');
    await showsSnapshot('clear');
    await window.click('button:text-is("Add a zone")');
    await eventually(async () => expect(await window.locator('.zone-editor image.still').count()).toBe(1));
    await screenshot(window, 'desktop-zones');
    await house.allowSnapshots(false);
    await eventually(async () => expect(await window.locator('.still').count()).toBe(0));
    await eventually(async () => expect(await window.locator('.zone-row').count()).toBe(2));
    expect(shown.browser.errors).toEqual([]);
    expect(shown.browser.outside).toEqual([]);
  });
});
