import { eventually, requires } from '@vigilia/testing';
import { axeProblems } from '../../test-support/axe.ts';
import { fakeRooms } from '../../test-support/fake-messages.ts';
import { type ShownHouse, showHouse } from '../../test-support/show-house.ts';
import { translate } from '../texts/translate.ts';
import { zoneText } from '../zones/zone-texts.ts';

const phone = { width: 390, height: 844 };
const at = new Date().toISOString();
const place = { x1: 0.1, y1: 0.4, x2: 0.3, y2: 0.8 };
const falls = [{ event_id: 'e', alarm_at: at, reported_at: at, model_id: 'movenet', rule: 'found_lying', place }];

requires('chromium')('a false alarm', () => {
  let shown: ShownHouse;

  beforeAll(async () => {
    shown = await showHouse(fakeRooms(4));
  });
  afterAll(() => shown?.stop());

  it.each(['en', 'es'] as const)(
    'offers to learn what was taken for a person; the zone editor shows it and removes it: %s',
    async (language) => {
      const { house, browser, url } = shown;
      const id = `inc-${language}`;
      const room = language === 'en' ? 1 : 2;
      const t = (key: Parameters<typeof translate>[1], values?: Parameters<typeof translate>[2]): string =>
        translate(language, key, values);
      await house.incident({ incident_id: id, source_id: room, falls, person: 'up' });
      const window = await browser.open(`${url}#/incidents`, { ...phone, language });
      await window.locator('.menu summary').click();
      await window.fill('input[name="own-name"]', 'Ana Ruiz');
      await window.locator('.menu summary').click();
      const card = window.locator(`main [data-incident="${id}"]`);
      await card.waitFor();
      await eventually(async () => expect(await card.locator('.learn-thing').count()).toBe(0));
      await card.getByRole('button', { name: t('outcome.false_alarm') }).click();
      await card.locator('input[name="thing"]').fill('armchair');
      expect(await axeProblems(window)).toEqual([]);
      await card.getByRole('button', { name: t('thing.learn') }).click();
      await card.locator('.learn-thing[data-learned]').waitFor();
      await eventually(async () => expect(await card.locator('.learn-thing').textContent()).toContain('armchair'));
      expect(house.heard.find(({ command }) => command === 'learn_thing')).toMatchObject({
        params: { by: 'Ana Ruiz', name: 'armchair' },
      });

      const editor = await browser.open(`${url}#/zones/${room}`, { width: 1280, height: 900, language });
      const row = editor.locator('.zone-row.zone-thing');
      await row.waitFor();
      await eventually(async () => expect(await row.locator('.learned').textContent()).toContain('Ana Ruiz'));
      expect(await axeProblems(editor)).toEqual([]);
      await row.getByRole('button', { name: zoneText(language, 'remove') }).click();
      await editor.getByRole('button', { name: zoneText(language, 'save') }).click();
      await eventually(async () => expect(await row.count()).toBe(0));
      await card.getByRole('button', { name: t('thing.learn') }).waitFor();

      await card.getByRole('button', { name: t('thing.learn') }).click();
      await card.getByRole('button', { name: t('thing.forget') }).click();
      await card.getByRole('button', { name: t('thing.learn') }).waitFor();
      expect(house.heard.filter(({ command }) => command === 'forget_thing').length).toBeGreaterThan(0);
    },
  );

  it('does not offer to learn what would be refused: a large part of the frame, or anything in a room without drawn zones', async () => {
    const { house, browser, url } = shown;
    const incident = { incident_id: 'inc-refused', source_id: 3, falls, person: 'up' as const };
    const verdict = { outcome: 'false_alarm' as const, by: 'Ana', at, before: 'open' as const };
    await house.incident({ ...incident, verdict });
    const window = await browser.open(`${url}#/incidents`, phone);
    const offer = window.locator('main [data-incident="inc-refused"] .learn-thing');
    const isOffered = (times: number) => eventually(async () => expect(await offer.count()).toBe(times));
    await isOffered(1);
    const large = { x1: 0, y1: 0.1, x2: 0.9, y2: 0.9 };
    await house.incident({ ...incident, falls: falls.map((fall) => ({ ...fall, place: large })) });
    await isOffered(0);
    await house.incident(incident);
    await isOffered(1);
    await house.zones({ source_id: 3, zones: [] });
    await isOffered(0);
  });

  it('is counted on the page of incidents, per room and per model and rule', async () => {
    const { house, browser, url } = shown;
    const alarm = { source_id: 3, opened_at: at, model_id: 'movenet', rule: 'found_lying' };
    await house.alarmFigures({
      alarms: [
        { ...alarm, incident_id: 'a', outcome: 'false_alarm' },
        { ...alarm, incident_id: 'b', outcome: 'helped' },
      ],
      weeks: [{ from: '2026-03-02T00:00:00.000Z', room_hours: { 3: 336 }, model_hours: { movenet: 672 } }],
      updated_at: at,
    });
    const window = await browser.open(`${url}#/incidents`, phone);
    const rows = window.locator('.figures tbody tr');
    await rows.first().waitFor();
    await eventually(async () =>
      expect(await rows.allInnerTexts()).toEqual([
        'Room 3 · test\t1\t1\t0\t0.5',
        'movenet · found_lying\t1\t1\t0\t0.25',
      ]),
    );
    expect(await axeProblems(window)).toEqual([]);
    await eventually(async () =>
      expect(await window.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0),
    );
    expect(browser.errors).toEqual([]);
  });
});
