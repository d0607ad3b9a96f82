import { eventually, requires } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { axeProblems } from '../test-support/axe.ts';
import { fakeRooms, lying } from '../test-support/fake-messages.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';
import { translate } from './texts/translate.ts';

const phone = { width: 390, height: 844 };
const looks = [
  { ...phone, language: 'en' as const },
  { ...phone, language: 'es' as const, dark: true },
  { width: 1280, height: 900, language: 'en' as const, dark: true },
  { width: 1280, height: 900, language: 'es' as const },
];
const rooms = 32;
const openIncidents = 20;
const views = ['rooms', 'rooms/0', 'rooms/30', 'incidents', 'processors', 'zones/1', 'station'];

requires('chromium')('20 open incidents', () => {
  let shown: ShownHouse;
  let house: ShownHouse['house'];

  beforeAll(async () => {
    shown = await showHouse(fakeRooms(rooms));
    house = shown.house;
    const nowMs = Date.now();
    for (let id = 0; id < openIncidents; id++) {
      // the later the room, the longer its person has been on the floor
      const at = new Date(nowMs - (id + 1) * 60_000).toISOString();
      await house.seen(id, [lying]);
      await house.incident({ incident_id: `inc-${id}`, source_id: id, opened_at: at, person: 'down' });
    }
  });
  afterAll(() => shown?.stop());

  const open = async (look: object, view = 'rooms'): Promise<Page> => {
    const window = await shown.browser.open(`${shown.url}#/${view}`, look);
    await window.waitForSelector(`.alarm[data-alarms="${openIncidents}"]`);
    return window;
  };
  const heightOf = async (window: Page, selector: string): Promise<number> =>
    (await window.locator(selector).boundingBox())?.height ?? 0;

  it.each(looks)(
    'are one bar with the count and the name of the worst, and leave the page in reach: %j',
    async (look) => {
      const window = await open(look, 'rooms/30');
      await eventually(async () => expect(await window.locator('.alarm').count()).toBe(1));
      await eventually(async () =>
        expect(await window.locator('.alarm .alarm-text a').textContent()).toBe('Room 19 · test'),
      );
      await eventually(async () => expect(await window.locator('.alarm').textContent()).toContain('20'));
      expect(await heightOf(window, '.urgent')).toBeLessThan(look.height * 0.46);
      const last = window.locator('main a, main button').last();
      await last.focus();
      const [box, bar] = await Promise.all([last.boundingBox(), window.locator('.urgent').boundingBox()]);
      if (box === null || bar === null) throw new Error('not on the page');
      expect(box.y).toBeGreaterThanOrEqual(bar.y + bar.height);
      expect(box.y + box.height).toBeLessThanOrEqual(look.height);
    },
  );

  it('are announced once each, when they are new', async () => {
    const window = await shown.browser.open(`${shown.url}#/rooms`);
    const announced = window.locator('p.visually-hidden[role="alert"]');
    await eventually(async () => expect(await announced.textContent()).toContain('Room 3 · test'));
    await house.incident({ incident_id: 'inc-new', source_id: 25, person: 'down' });
    await eventually(async () => expect(await announced.textContent()).toContain('Room 25 · test'));
    await eventually(async () => expect(await announced.textContent()).not.toContain('Room 3 · test'));
    const closed_at = new Date().toISOString();
    await house.incident({ incident_id: 'inc-new', source_id: 25, state: 'closed', closed_at });
  });

  it.each(looks)(
    'fit at a text size of 200 % without scrolling sideways, and axe finds no problem: %j',
    async (look) => {
      const window = await open(look);
      for (const view of views) {
        await window.goto(`${shown.url}#/${view}`);
        await window.waitForSelector('main h1');
        expect({ view, problems: await axeProblems(window) }).toEqual({ view, problems: [] });
        await window.evaluate('document.documentElement.style.fontSize = "200%"');
        const overflow = await window.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect({ view, overflow }).toEqual({ view, overflow: 0 });
        expect(await heightOf(window, '.urgent')).toBeLessThan(look.height * 0.46);
        await window.evaluate('document.documentElement.style.fontSize = ""');
      }
      expect(shown.browser.errors).toEqual([]);
    },
  );

  it('keep the focus of a keyboard near what was pressed', async () => {
    const window = await open({}, 'incidents');
    await window.locator('.menu summary').click();
    await window.fill('input[name="own-name"]', 'Ana Ruiz');
    await window.locator('.menu summary').click();
    const card = window.locator('[data-incident="inc-5"]');
    await card.getByRole('button', { name: 'I am on my way' }).focus();
    await window.keyboard.press('Enter');
    await window.waitForSelector('[data-incident="inc-5"][data-state="acknowledged"]');
    const inCard = '[data-incident="inc-5"] :focus, [data-incident="inc-5"]:focus';
    await eventually(async () => expect(await window.locator(inCard).count()).toBe(1));
    await house.incident({ incident_id: 'inc-5', source_id: 5, state: 'open' });
  });
});

requires('chromium')('a fall that was reported without an incident', () => {
  let shown: ShownHouse;
  let house: ShownHouse['house'];

  beforeAll(async () => {
    shown = await showHouse(fakeRooms(4));
    house = shown.house;
  });
  afterAll(() => shown?.stop());

  it.each(['en', 'es'] as const)(
    'is acknowledged in the alarm bar and ended on the page of its room: %s',
    async (language) => {
      const room = 77;
      const window = await shown.browser.open(`${shown.url}#/rooms`, { ...phone, language });
      await window.locator('.menu summary').click();
      await window.fill('input[name="own-name"]', 'Ana Ruiz');
      await window.locator('.menu summary').click();
      await house.report(room, 'notified');
      // the orchestrator knows no incident of this room
      house.refuseOnce('invalid_params');
      await window
        .locator('.alarm')
        .getByRole('button', { name: translate(language, 'incident.acknowledge') })
        .click();
      await eventually(() =>
        expect(house.heard.at(-1)).toMatchObject({
          command: 'acknowledge',
          params: { source_id: room, by: 'Ana Ruiz' },
        }),
      );
      await house.report(room, 'acknowledged', 'Ana Ruiz');
      await window.waitForSelector(`[data-report="report-${room}"]`);
      await eventually(async () => expect(await window.locator('.alarm').count()).toBe(0));
      await eventually(async () =>
        expect(await window.locator('.trouble').allTextContents()).not.toContainEqual(expect.stringMatching(/./)),
      );
      await eventually(async () => expect(await window.locator('article').textContent()).toContain('Ana Ruiz'));
      expect(await axeProblems(window)).toEqual([]);
      await window.getByRole('button', { name: translate(language, 'report.end') }).click();
      await eventually(() =>
        expect(house.heard.at(-1)).toMatchObject({ command: 'resolve', params: { incident_id: `report-${room}` } }),
      );
      await house.report(room, undefined);
      await window.waitForSelector('article', { state: 'detached' });
      await window.goto(`${shown.url}#/rooms`);
      await window.waitForSelector('.tile');
      await eventually(async () => expect(await window.locator(`[data-room="${room}"]`).count()).toBe(0));
      expect(shown.browser.errors).toEqual([]);
    },
  );
});

requires('chromium')('verdicts', () => {
  let shown: ShownHouse;
  let house: ShownHouse['house'];

  beforeAll(async () => {
    shown = await showHouse(fakeRooms(4));
    house = shown.house;
  });
  afterAll(() => shown?.stop());

  it.each([
    [
      'en' as const,
      { helped: 'Helped', sure: 'Close it: Helped', undo: 'Undo', details: 'Cause and note', cancel: 'Cancel' },
    ],
    [
      'es' as const,
      { helped: 'Atendida', sure: 'Cerrarla: Atendida', undo: 'Deshacer', details: 'Causa y nota', cancel: 'Cancelar' },
    ],
  ])(
    'are asked for again while a person is down, carry cause and note, and can be taken back: %s',
    async (language, words) => {
      const id = `inc-${language}`;
      await house.incident({ incident_id: id, source_id: 1, person: 'down', state: 'acknowledged' });
      const window = await shown.browser.open(`${shown.url}#/rooms/1`, { ...phone, language });
      const press = (name: string) => window.locator('main').getByRole('button', { name }).click();
      const sent = house.heard.length;
      await press(words.helped);
      await window.waitForSelector('.verdict .confirm');
      await press(words.cancel);
      expect(house.heard.length).toBe(sent);
      await window.locator('summary', { hasText: words.details }).click();
      await window.selectOption('select[name="cause"]', 'slipped');
      await window.fill('textarea[name="note"]', 'wet floor');
      await press(words.helped);
      await press(words.sure);
      await window.locator('main input[name="by"]').fill('Ana Ruiz');
      await press(words.sure);
      await window.waitForSelector(`[data-incident="${id}"][data-state="closed"]`);
      const params = {
        incident_id: id,
        outcome: 'helped',
        cause: 'slipped',
        note: 'wet floor',
        confirmed: true,
        by: 'Ana Ruiz',
      };
      expect(house.heard.at(-1)).toMatchObject({ command: 'resolve', params });
      await eventually(async () => expect(await window.locator('.verdict-text').textContent()).toContain('wet floor'));
      await press(words.undo);
      await window.waitForSelector(`[data-incident="${id}"][data-state="acknowledged"]`);
      expect(house.heard.at(-1)).toMatchObject({
        command: 'undo_verdict',
        params: { incident_id: id, by: 'Ana Ruiz' },
      });
      await house.incident({ incident_id: id, source_id: 1, state: 'closed', closed_at: new Date().toISOString() });
    },
  );

  it('are asked for again when only the orchestrator knows that the person is down', async () => {
    await house.incident({ incident_id: 'inc-up', source_id: 2, person: 'up', state: 'acknowledged' });
    const window = await shown.browser.open(`${shown.url}#/incidents`);
    await window.locator('.menu summary').click();
    await window.fill('input[name="own-name"]', 'Ana Ruiz');
    await window.locator('.menu summary').click();
    house.refuseOnce('confirmation_required');
    await window.locator('[data-incident="inc-up"]').getByRole('button', { name: 'No help needed' }).click();
    await window.getByRole('button', { name: 'Close it: No help needed' }).click();
    await window.waitForSelector('[data-incident="inc-up"][data-state="closed"]');
    expect(house.heard.at(-1)).toMatchObject({ params: { outcome: 'no_help_needed', confirmed: true } });
    expect(shown.browser.errors).toEqual([]);
  });

  it('of a drill are announced as a drill', async () => {
    const window = await shown.browser.open(`${shown.url}#/rooms`);
    await house.incident({ incident_id: 'inc-drill', source_id: 0, drill: true, with_alerts: true });
    const announced = window.locator('p.visually-hidden[role="alert"]');
    await eventually(async () => expect(await announced.textContent()).toMatch(/Drill.*Room 0/));
    await house.incident({
      incident_id: 'inc-drill',
      source_id: 0,
      state: 'closed',
      closed_at: new Date().toISOString(),
    });
  });

  it('stay within reach on a phone where everything else fails too', async () => {
    const window = await shown.browser.open(`${shown.url}#/rooms`, { ...phone, language: 'es' });
    await window.locator('[data-sound-bar="question"] button.main').click();
    await window.reload();
    await window.waitForSelector('[data-sound-bar="blocked"]');
    await house.orchestratorStatus('offline');
    await house.notifier('offline');
    await window.waitForSelector('[data-faults="orchestrator notifier"]');
    await house.incident({ incident_id: 'inc-reach', source_id: 0, person: 'down' });
    const [bar, button] = [window.locator('.urgent'), window.locator('.alarm button.main')];
    await button.waitFor();
    const [outer, inner] = [await bar.boundingBox(), await button.boundingBox()];
    if (outer === null || inner === null) throw new Error('not on the page');
    expect(inner.y + inner.height).toBeLessThanOrEqual(outer.y + outer.height);
    await house.orchestratorStatus('acting');
    await house.notifier('online');
    await house.incident({
      incident_id: 'inc-reach',
      source_id: 0,
      state: 'closed',
      closed_at: new Date().toISOString(),
    });
  });

  it('and later falls: the bar goes by the fall that is now, and each fall rings anew', async () => {
    const at = (agoMs: number): string => new Date(Date.now() - agoMs).toISOString();
    const fall = { event_id: 'one', first_low_at: at(600_000), alarm_at: at(580_000), reported_at: at(580_000) };
    await house.incident({ incident_id: 'inc-two', source_id: 3, person: 'down', falls: [fall] });
    const window = await shown.browser.open(`${shown.url}#/rooms`);
    await eventually(async () => expect(await window.locator('.alarm').textContent()).toContain('(10 min)'));
    const up = { ...fall, recovered_at: at(300_000) };
    const again = { event_id: 'two', first_low_at: at(120_000), alarm_at: at(100_000), reported_at: at(100_000) };
    await house.incident({ incident_id: 'inc-two', source_id: 3, state: 'open', falls: [up, again] });
    await eventually(async () => expect(await window.locator('.alarm').textContent()).toContain('(2 min)'));
    await window.goto(`${shown.url}#/rooms/3`);
    await window.locator('[data-incident="inc-two"] summary', { hasText: 'Timeline' }).click();
    await eventually(async () =>
      expect(await window.locator('.timeline').textContent()).toMatch(/Fall 1: .*Fall 2: First seen on the floor/),
    );
  });
});
