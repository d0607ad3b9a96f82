import { readFile } from 'node:fs/promises';
import { eventually, requires } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { axeProblems } from '../test-support/axe.ts';
import { fakeRooms } from '../test-support/fake-messages.ts';
import { screenshot } from '../test-support/screenshot.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';

const phone = { width: 390, height: 844, language: 'es' as const };

requires('chromium')('the policy as a form', () => {
  let shown: ShownHouse;
  let house: ShownHouse['house'];

  beforeAll(async () => {
    shown = await showHouse(fakeRooms(4));
    house = shown.house;
    // a newer version, and another program, have settings of their own
    await house.changePolicy([
      { path: ['night'], value: { from: '22:00' } },
      { path: ['x-site'], value: 'Madrid' },
      { path: ['rooms', '1'], value: { home: 'processor-a', name: 'Room 1', floor: 2 } },
    ]);
  });
  afterAll(() => shown?.stop());

  const open = async (look: Parameters<ShownHouse['browser']['open']>[1] = {}): Promise<Page> => {
    const window = await shown.browser.open(`${shown.url}#/policy`, look);
    await window.waitForSelector('[data-setting="timings.drill_seconds"]');
    return window;
  };
  const setting = (window: Page, path: string) => window.locator(`[id="setting-${path}"]`);
  const enter = async (window: Page, path: string, value: string): Promise<void> => {
    await setting(window, path).fill(value);
    await window.keyboard.press('Tab');
  };
  const holds = (window: Page, path: string, value: string): Promise<void> =>
    eventually(async () => expect(await setting(window, path).inputValue()).toBe(value));
  const button = (window: Page, name: string) => window.getByRole('button', { name, exact: true });
  const sent = () => house.heard.findLast(({ command }) => command === 'change_policy');

  it('shows value, unit, meaning and default of each setting, and sends only what was changed after a review', async () => {
    const window = await open();
    const drill = window.locator('[data-setting="timings.drill_seconds"]');
    await eventually(async () => expect(await drill.textContent()).toContain('default: 900'));
    await eventually(async () => expect(await drill.textContent()).toContain('ends after this long'));
    await eventually(async () => expect(await window.locator('.unknown-settings').textContent()).toContain('22:00'));
    await enter(window, 'timings.drill_seconds', '60');
    await eventually(async () => expect(await drill.textContent()).toContain('changed, in force: 900'));
    expect(sent()).toBeUndefined();
    await screenshot(window, 'desktop-policy');
    expect(await axeProblems(window)).toEqual([]);
    await button(window, 'Review changes').click();
    await window.waitForSelector('[data-difference="timings.drill_seconds"]');
    await eventually(async () =>
      expect(await window.locator('.preview').textContent()).toContain('processor-a: set_fps max_fps = 0.2'),
    );
    await screenshot(window, 'desktop-policy-review');
    expect(await axeProblems(window)).toEqual([]);
    await window.locator('input[name="by"]').fill('Ana Ruiz');
    await button(window, 'Send to the orchestrator').click();
    await window.waitForSelector('[data-revision="2"]');
    await eventually(() =>
      expect(sent()?.params).toMatchObject({
        changes: [{ path: ['timings', 'drill_seconds'], value: 60 }],
        base_revision: 1,
        by: 'Ana Ruiz',
      }),
    );
    await holds(window, 'timings.drill_seconds', '60');
    const entry = window.locator('[data-change="2"]');
    await eventually(async () => expect(await entry.textContent()).toContain('Ana Ruiz'));
    await entry.locator('button').click();
    await holds(window, 'timings.drill_seconds', '900');
    await button(window, 'Review changes').click();
    await button(window, 'Send to the orchestrator').click();
    await window.waitForSelector('[data-revision="3"]');
    await eventually(() =>
      expect(house.policy).toMatchObject({ timings: { drill_seconds: 900 }, night: { from: '22:00' } }),
    );
  });

  it('warns the later of two technicians who edit it, names the other and what changed, and keeps the work', async () => {
    const window = await open(phone);
    await enter(window, 'standby', '2');
    await house.changePolicy(
      [
        { path: ['standby'], value: 1 },
        { path: ['spawn_attempts'], value: 5 },
      ],
      'Eva Keys',
    );
    const conflict = window.locator('.conflict');
    await eventually(async () => expect(await conflict.textContent()).toContain('Eva Keys'));
    await eventually(async () =>
      expect(await conflict.locator('[data-difference="standby"]').textContent()).toContain('cambiado por ambos'),
    );
    await screenshot(window, 'phone-policy-conflict');
    expect(await axeProblems(window)).toEqual([]);
    expect(await window.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await button(window, 'Revisar los cambios').click();
    await eventually(async () => expect(await conflict.locator('button').first().isVisible()).toBe(true));
    await button(window, 'Seguir con mis cambios encima').click();
    await holds(window, 'spawn_attempts', '5');
    await holds(window, 'standby', '2');
    await button(window, 'Revisar los cambios').click();
    await window.locator('input[name="by"]').fill('Ana Ruiz');
    await button(window, 'Enviar al orquestador').click();
    await eventually(() => expect(house.policy).toMatchObject({ standby: 2, spawn_attempts: 5 }));
  });

  it('keeps unsent work over a reload, and asks before another view is opened', async () => {
    const window = await open();
    window.on('dialog', (dialog) => void dialog.accept());
    await enter(window, 'quiet.max_fps', '0.3');
    await window.reload();
    await holds(window, 'quiet.max_fps', '0.3');
    await window.click('nav a[href="#/rooms"]');
    await window.waitForSelector('.leave-question');
    expect(await axeProblems(window)).toEqual([]);
    await button(window, 'Stay here').click();
    await holds(window, 'quiet.max_fps', '0.3');
    await window.click('nav a[href="#/rooms"]');
    await button(window, 'Leave, and keep the changes').click();
    await window.waitForSelector('.tile');
    await window.click('.menu summary');
    await window.click('.menu a[href="#/policy"]');
    await holds(window, 'quiet.max_fps', '0.3');
    await button(window, 'Discard changes').click();
    await holds(window, 'quiet.max_fps', '0.1');
  });

  it('does not send a value that is out of range, and names the limit at the setting', async () => {
    const window = await open();
    await enter(window, 'quiet.max_fps', '45');
    const place = window.locator('[data-setting="quiet.max_fps"]');
    await eventually(async () => expect(await place.textContent()).toContain('must be at most 30'));
    await button(window, 'Review changes').click();
    await eventually(async () => expect(await button(window, 'Send to the orchestrator').isDisabled()).toBe(true));
    await button(window, 'Back to the form').click();
    await button(window, 'Discard changes').click();
  });

  it('is downloaded and opened as YAML; what neither the file nor this version knows stays', async () => {
    const window = await open();
    const [download] = await Promise.all([window.waitForEvent('download'), button(window, 'Download as YAML').click()]);
    const yaml = await readFile(await download.path(), 'utf8');
    expect(yaml).toContain('x-site: Madrid');
    expect(yaml).toContain('drill_seconds: 900');
    const file = (text: string) => ({ name: 'policy.yaml', mimeType: 'application/yaml', buffer: Buffer.from(text) });
    await window.setInputFiles('input[name="policy-file"]', file('- not a policy'));
    await window.waitForSelector('text=The file is not a policy in YAML.');
    const edited = `${yaml.replace('standby: 2', 'standby: 4').replace('x-site: Madrid\n', '')}night_light: true\n`;
    await window.setInputFiles('input[name="policy-file"]', file(edited));
    await window.waitForSelector('text=This version does not know: rooms.1.floor, night, night_light.');
    await holds(window, 'standby', '4');
    await button(window, 'Review changes').click();
    await window.locator('input[name="by"]').fill('Ana Ruiz');
    await button(window, 'Send to the orchestrator').click();
    await eventually(() =>
      expect(house.policy).toMatchObject({
        standby: 4,
        night_light: true,
        'x-site': 'Madrid',
        rooms: { 1: { floor: 2 } },
      }),
    );
    expect(shown.browser.errors).toEqual([]);
    expect(shown.browser.outside).toEqual([]);
  });
});
