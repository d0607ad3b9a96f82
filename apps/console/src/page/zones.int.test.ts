import { eventually, requires } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { axeProblems } from '../test-support/axe.ts';
import { fakeRooms } from '../test-support/fake-messages.ts';
import { screenshot } from '../test-support/screenshot.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';

requires('chromium')('zones on the picture', () => {
  let shown: ShownHouse;
  let house: ShownHouse['house'];

  beforeAll(async () => {
    shown = await showHouse(fakeRooms(4));
    house = shown.house;
  });
  afterAll(() => shown?.stop());

  const open = async (room: number, language: 'en' | 'es' = 'en'): Promise<Page> => {
    const window = await shown.browser.open(`${shown.url}#/zones/${room}`, { height: 1100, language });
    await window.waitForSelector('.zone-row');
    return window;
  };
  const button = (window: Page, name: string) => window.getByRole('button', { name, exact: true });
  const rows = (window: Page, count: number): Promise<void> =>
    eventually(async () => expect(await window.locator('.zone-row').count()).toBe(count));
  const click = async (window: Page, x: number, y: number): Promise<void> => {
    const box = await window.locator('.zone-editor').boundingBox();
    if (box === null) throw new Error('the picture is not shown');
    await window.mouse.click(box.x + x * box.width, box.y + y * box.height);
  };
  const saved = () => house.heard.findLast(({ command }) => command === 'set_zones')?.params?.zones;

  it('are drawn by clicks, taken back, made again and saved', async () => {
    const window = await open(1);
    await button(window, 'Draw a zone by clicks').click();
    for (const [x, y] of [
      [0.7, 0.6],
      [0.9, 0.6],
      [0.9, 0.9],
    ] as const) {
      await click(window, x, y);
    }
    await button(window, 'Finish the zone').click();
    await rows(window, 2);
    await button(window, 'Undo').click();
    await rows(window, 1);
    await window.keyboard.press('Control+Shift+z');
    await rows(window, 2);
    await window.locator('.zone-row').nth(1).getByRole('button', { name: 'Add corners by clicks' }).click();
    await click(window, 0.7, 0.9);
    await eventually(async () => expect(await window.locator('.corner').count()).toBe(8));
    await window.getByRole('button', { name: /^Save/ }).click();
    await window.waitForSelector('text=Saved.');
    await eventually(() => expect(saved()).toHaveLength(2));
    expect((saved() as { points: number[][] }[])[1]?.points).toHaveLength(4);
  });

  it('that overlap or cross themselves are marked, and cannot be saved until they are corrected', async () => {
    const window = await open(2, 'es');
    await button(window, 'Añadir una zona').click();
    await button(window, 'Añadir una zona').click();
    await window.waitForSelector('[data-mark="overlaps"]', { state: 'attached' });
    await eventually(async () =>
      expect(await window.locator('[data-problem="overlaps"]').first().textContent()).toContain('se solapa'),
    );
    const save = window.getByRole('button', { name: /^Guardar/ });
    await eventually(async () => expect(await save.isDisabled()).toBe(true));
    await screenshot(window, 'desktop-zones-overlap');
    expect(await axeProblems(window)).toEqual([]);
    await button(window, 'Deshacer').click();
    await button(window, 'Deshacer').click();
    await eventually(async () => expect(await window.locator('[data-mark]').count()).toBe(0));
  });

  it('can be changed with the keyboard alone, corner by corner', async () => {
    const window = await open(3);
    const corner = window.locator('.corner').first();
    const place = async () => corner.getAttribute('aria-label');
    const before = await place();
    await corner.focus();
    await window.keyboard.press('Shift+ArrowRight');
    await eventually(async () => expect(await place()).not.toBe(before));
    await window.keyboard.press('Control+z');
    await eventually(async () => expect(await place()).toBe(before));
    await button(window, 'Add a corner').press('Enter');
    await eventually(async () => expect(await window.locator('.corner').count()).toBe(5));
    await corner.focus();
    await window.keyboard.press('Delete');
    await eventually(async () => expect(await window.locator('.corner').count()).toBe(4));
  });

  it('that are not saved are there after a reload, and are asked about before another room is opened', async () => {
    const window = await open(0);
    window.on('dialog', (dialog) => void dialog.accept());
    const before = await window.locator('.zone-row').count();
    await button(window, 'Add a corner').first().click();
    await eventually(async () => expect(await window.locator('.corner').count()).toBe(4 * before + 1));
    await window.reload();
    await window.waitForSelector('text=They are still here.');
    await eventually(async () => expect(await window.locator('.corner').count()).toBe(4 * before + 1));
    await window.click('nav a[href="#/rooms"]');
    await button(window, 'Stay here').click();
    await eventually(async () => expect(await window.locator('.corner').count()).toBe(4 * before + 1));
    await button(window, 'Discard changes').click();
    await eventually(async () => expect(await window.locator('.corner').count()).toBe(4 * before));
  });

  it('are suggested where the model sees a bed or a couch; otherwise the page states why not', async () => {
    const window = await open(3);
    await window.waitForSelector('text=Models that detect only people suggest nothing.');
    await house.seen(3, [{ class_name: 'couch', confidence: 0.8, bbox: { x: 1100, y: 600, width: 200, height: 150 } }]);
    await button(window, 'Add the suggested Sofa').click();
    await rows(window, 2);
    await window.waitForSelector('text=Models that detect only people suggest nothing.');
    expect(shown.browser.errors).toEqual([]);
  });
});
