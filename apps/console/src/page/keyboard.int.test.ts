import { requires } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { fakeRooms } from '../test-support/fake-messages.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';

const words = {
  en: { helped: 'Helped', close: 'Close it', undo: 'Undo', details: 'Cause and note', falseAlarm: 'False alarm' },
  es: { helped: 'Atendida', close: 'Cerrarla', undo: 'Deshacer', details: 'Causa y nota', falseAlarm: 'Falsa alarma' },
};
const looks = [
  { width: 390, height: 844, language: 'es' as const },
  { width: 1280, height: 900, language: 'en' as const },
];

requires('chromium')('a verdict by the keyboard alone', () => {
  let shown: ShownHouse;
  let house: ShownHouse['house'];

  beforeAll(async () => {
    shown = await showHouse(fakeRooms(4));
    house = shown.house;
  });
  afterAll(() => shown?.stop());

  const focused = (window: Page): Promise<string> =>
    window.evaluate('document.activeElement.localName + " " + document.activeElement.textContent.trim()');
  /** Presses Tab until the focus is on an element whose tag and text begin so; returns how often. */
  const tabTo = async (window: Page, start: string, key = 'Tab'): Promise<number> => {
    for (let n = 0; n < 40; n++) {
      if ((await focused(window)).startsWith(start)) return n;
      await window.keyboard.press(key);
    }
    throw new Error(`${start} cannot be reached with ${key}`);
  };

  it.each(looks)('is given, taken back, and given again with cause and note: %j', async (look) => {
    const { helped, close, undo, details, falseAlarm } = words[look.language];
    const id = `inc-${look.language}`;
    await house.incident({ incident_id: id, source_id: 1, person: 'down', state: 'acknowledged' });
    const window = await shown.browser.open(`${shown.url}#/rooms/1`, look);
    const state = (wanted: string) => window.waitForSelector(`[data-incident="${id}"][data-state="${wanted}"]`);
    await state('acknowledged');

    await tabTo(window, `button ${helped}`);
    await window.keyboard.press('Enter');
    await window.waitForSelector('.verdict .confirm');
    // the question has the focus: its answer is the next stop
    expect(await tabTo(window, `button ${close}`)).toBeLessThanOrEqual(1);
    await window.keyboard.press('Enter');
    // a name is missing: the field for it has the focus
    await window.waitForSelector('main input[name="by"]:focus');
    await window.keyboard.type('Eva Keys');
    await tabTo(window, `button ${close}`);
    await window.keyboard.press('Enter');
    await state('closed');
    const given = { incident_id: id, outcome: 'helped', confirmed: true, by: 'Eva Keys' };
    expect(house.heard.at(-1)).toMatchObject({ command: 'resolve', params: given });

    await tabTo(window, `button ${undo}`);
    await window.keyboard.press('Enter');
    await state('acknowledged');
    await tabTo(window, `summary ${details}`);
    await window.keyboard.press('Enter');
    await window.keyboard.press('Tab');
    await window.keyboard.press('ArrowDown');
    await window.keyboard.press('Tab');
    await window.keyboard.type('wet floor');
    await tabTo(window, `button ${falseAlarm}`, 'Shift+Tab');
    await window.keyboard.press('Enter');
    await tabTo(window, `button ${close}`);
    await window.keyboard.press('Enter');
    await state('closed');
    const again = { outcome: 'false_alarm', cause: 'slipped', note: 'wet floor', by: 'Eva Keys' };
    expect(house.heard.at(-1)).toMatchObject({ command: 'resolve', params: again });
    expect(shown.browser.errors).toEqual([]);
  });
});
