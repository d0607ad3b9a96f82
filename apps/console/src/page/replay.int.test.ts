import { eventually, requires } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { axeProblems } from '../test-support/axe.ts';
import { fakeRooms } from '../test-support/fake-messages.ts';
import { fakeReplay, lyingFigure } from '../test-support/fake-replay.ts';
import { screenshot } from '../test-support/screenshot.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';

const phone = { width: 390, height: 844 };

requires('chromium')('the replay of a fall on the page', () => {
  let shown: ShownHouse;
  let house: ShownHouse['house'];

  beforeAll(async () => {
    shown = await showHouse(fakeRooms(4));
    house = shown.house;
  });
  afterAll(async () => {
    expect(shown?.browser.errors).toEqual([]);
    await shown?.stop();
  });

  const caption = (window: Page): Promise<string | null> => window.locator('.replay-caption').textContent();
  const shows = (window: Page, text: string): Promise<void> =>
    eventually(async () => expect(await caption(window)).toBe(text));
  const press = (window: Page, name: string): Promise<void> =>
    window.getByRole('button', { name, exact: true }).click();
  const open = async (window: Page, id: string): Promise<void> => {
    await window.locator(`[data-replay="${id}"] summary`).click();
    await window.waitForSelector(`[data-replay="${id}"] .replay-player`);
  };

  it('shows each observed moment with its time, steps through them, and marks the fall', async () => {
    await house.incident({ incident_id: 'inc-steps', source_id: 1, person: 'down' });
    await house.replay(fakeReplay('inc-steps', 1));
    const window = await shown.browser.open(`${shown.url}#/rooms/1`, phone);
    await open(window, 'inc-steps');
    await shows(window, '3.0 s after the fall: person on the floor');
    await eventually(async () => expect(await window.locator('.replay-sketch circle').count()).toBe(1));
    await eventually(async () => expect(await window.locator('.replay-sketch text').textContent()).toBe('Bed'));
    await eventually(async () => expect(await window.locator('.replay-tick').count()).toBe(4));
    await eventually(async () => expect(await window.locator('.replay-fall').count()).toBe(1));
    await eventually(async () =>
      expect(await window.locator('.replay-player').textContent()).toContain(
        '4 moments were observed. No image is kept',
      ),
    );
    await screenshot(window, 'phone-replay');
    expect(await window.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await axeProblems(window)).toEqual([]);
    await press(window, 'Previous moment');
    await shows(window, '7.0 s before the fall: person upright');
    await press(window, 'Previous moment');
    await shows(window, '17.0 s before the fall: person upright');
    await eventually(async () =>
      expect(await window.getByRole('button', { name: 'Previous moment', exact: true }).isDisabled()).toBe(true),
    );
    await press(window, 'Go to the fall');
    await press(window, 'Next moment');
    await shows(window, '13.0 s after the fall: person on the floor');
  });

  it('plays from the start at the chosen speed, and stops at the last moment', async () => {
    await house.incident({ incident_id: 'inc-plays', source_id: 2, person: 'down' });
    await house.replay(fakeReplay('inc-plays', 2));
    const window = await shown.browser.open(`${shown.url}#/rooms/2`);
    await open(window, 'inc-plays');
    await press(window, 'Next moment');
    await shows(window, '13.0 s after the fall: person on the floor');
    await window.getByLabel('Speed').selectOption('4');
    await press(window, 'Play');
    await shows(window, '17.0 s before the fall: person upright');
    await shows(window, '13.0 s after the fall: person on the floor');
    await window.getByRole('button', { name: 'Play', exact: true }).waitFor();
  });

  it('is moved with the keyboard, and reads its time to a screen reader, in Spanish too', async () => {
    await house.incident({ incident_id: 'inc-keys', source_id: 3, person: 'down' });
    await house.replay(fakeReplay('inc-keys', 3));
    const window = await shown.browser.open(`${shown.url}#/rooms/3`, { language: 'es' });
    await open(window, 'inc-keys');
    const slider = window.getByRole('slider', { name: 'Tiempo de la repetición' });
    await slider.focus();
    await window.keyboard.press('Home');
    await shows(window, '17,0 s antes de la caída: persona de pie');
    await eventually(async () =>
      expect(await slider.getAttribute('aria-valuetext')).toBe('17,0 s antes de la caída: persona de pie'),
    );
    await eventually(async () =>
      expect(await window.getByRole('img', { name: '17,0 s antes de la caída: persona de pie' }).count()).toBe(1),
    );
    await window.keyboard.press('End');
    await shows(window, '13,0 s después de la caída: persona en el suelo');
  });

  it('grows while the seconds after the fall are observed', async () => {
    const whole = fakeReplay('inc-grows', 1);
    await house.incident({ incident_id: 'inc-grows', source_id: 1, person: 'down' });
    await house.replay({ ...whole, complete: false, moments: whole.moments.slice(0, 3) });
    const window = await shown.browser.open(`${shown.url}#/incidents`);
    await open(window, 'inc-grows');
    const player = window.locator('[data-replay="inc-grows"] .replay-player');
    await eventually(async () => expect(await player.textContent()).toContain('still being observed'));
    await house.replay(whole);
    await eventually(async () => expect(await player.textContent()).toContain('4 moments were observed'));
    await eventually(async () => expect(await player.textContent()).not.toContain('still being observed'));
  });

  it('states which fall it is of, and that more is observed only while it is', async () => {
    const [first, second] = [300_000, 60_000].map((agoMs) => new Date(Date.now() - agoMs).toISOString());
    const falls = [{ event_id: 'fall-1', first_low_at: first, alarm_at: first ?? '', reported_at: first ?? '' }];
    await house.incident({ incident_id: 'inc-two-falls', source_id: 3, person: 'down', falls });
    await house.replay(fakeReplay('inc-two-falls', 3, { fall_at: first ?? '', complete: false }));
    const window = await shown.browser.open(`${shown.url}#/incidents`);
    const replay = window.locator('[data-replay="inc-two-falls"]');
    await eventually(async () =>
      expect(await replay.locator('summary').textContent()).toContain('Replay of the fall of'),
    );
    await open(window, 'inc-two-falls');
    await eventually(async () => expect(await replay.textContent()).toContain('4 moments were observed'));
    await eventually(async () => expect(await replay.textContent()).not.toContain('still being observed'));
    const again = { event_id: 'fall-2', first_low_at: second, alarm_at: second ?? '', reported_at: second ?? '' };
    await house.incident({ incident_id: 'inc-two-falls', source_id: 3, falls: [...falls, again] });
    await eventually(async () =>
      expect(await replay.locator('summary').textContent()).toMatch(/^Replay of an earlier fall \(\d\d:\d\d:\d\d\)/),
    );
  });

  it('of a model without joints shows a box, and stays in its room when the incident is forgotten', async () => {
    const { joints: _, ...boxOnly } = lyingFigure;
    await house.incident({
      incident_id: 'inc-box',
      source_id: 0,
      state: 'closed',
      closed_at: new Date().toISOString(),
    });
    await house.replay(fakeReplay('inc-box', 0, { moments: [{ ms: 500, model: 0, people: [boxOnly] }] }));
    await house.forget('inc-box');
    const window = await shown.browser.open(`${shown.url}#/rooms/0`);
    await open(window, 'inc-box');
    await shows(window, '0.5 s after the fall: person on the floor');
    await eventually(async () => expect(await window.locator('.replay-sketch rect[stroke-width="3"]').count()).toBe(1));
    await eventually(async () =>
      expect(await window.locator('.replay-sketch line, .replay-sketch circle').count()).toBe(0),
    );
    await eventually(async () =>
      expect(await window.locator('.replay-player').textContent()).toContain('One moment was observed.'),
    );
  });
});
