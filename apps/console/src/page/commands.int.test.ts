import { eventually, requires } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { axeProblems } from '../test-support/axe.ts';
import { fakeRooms } from '../test-support/fake-messages.ts';
import { screenshot } from '../test-support/screenshot.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';

requires('chromium')('commands that a technician sends', () => {
  let shown: ShownHouse;
  let house: ShownHouse['house'];

  beforeAll(async () => {
    shown = await showHouse(fakeRooms(4));
    house = shown.house;
  });
  afterAll(() => shown?.stop());

  const choose = async (command: string, language: 'en' | 'es' = 'en'): Promise<Page> => {
    const window = await shown.browser.open(`${shown.url}#/processors`, { language });
    await window.locator('select[name="command"]').selectOption(command);
    return window;
  };
  const heard = (command: string) => house.heard.filter((one) => one.command === command).length;
  const answer = (window: Page, text: string): Promise<void> =>
    eventually(async () => expect(await window.locator('.outcome').textContent()).toContain(text));

  it('show what they asked for: the plan in the language of the page, a status with its fields', async () => {
    const plan = await choose('orchestrator plan', 'es');
    await plan.getByRole('button', { name: 'Enviar', exact: true }).click();
    await answer(plan, 'processor-a: set_fps max_fps = 0.2');
    const status = await choose('ping');
    await status.getByRole('button', { name: 'Send', exact: true }).click();
    await answer(status, 'boot_id');
    await answer(status, 'config.model_id');
    await screenshot(status, 'desktop-command-answer');
    expect(await axeProblems(status)).toEqual([]);
  });

  it('are asked about before they end monitoring, with the rooms and what follows', async () => {
    const window = await choose('pause');
    await window.getByRole('button', { name: 'Send', exact: true }).click();
    const question = window.locator('[data-consequence="pause"]');
    await eventually(async () => expect(await question.textContent()).toContain('Room 1'));
    await eventually(async () => expect(await question.textContent()).toContain('falls there are not detected'));
    expect(await axeProblems(window)).toEqual([]);
    expect(heard('pause')).toBe(0);
    await window.getByRole('button', { name: 'Cancel', exact: true }).click();
    await eventually(async () => expect(await question.count()).toBe(0));
    expect(heard('pause')).toBe(0);
    await window.getByRole('button', { name: 'Send', exact: true }).click();
    await window.getByRole('button', { name: 'Yes, send pause', exact: true }).click();
    await eventually(() => expect(heard('pause')).toBe(1));
    expect(shown.browser.errors).toEqual([]);
  });

  it('that give a processor another name go to one processor, and a question is withdrawn when another one is chosen', async () => {
    const window = await choose('rename_instance');
    await window.locator('input[name="new_instance_id"]').fill('processor-x');
    await window.getByRole('button', { name: 'Send', exact: true }).click();
    const question = window.locator('[data-consequence="rename"]');
    await eventually(async () => expect(await question.textContent()).toContain('Rename processor-a?'));
    await window.locator('select[name="target"]').selectOption({ index: 1 });
    await eventually(async () => expect(await question.count()).toBe(0));
    expect(heard('rename_instance')).toBe(0);
  });
});
