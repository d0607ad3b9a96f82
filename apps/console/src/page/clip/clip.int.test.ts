import { connectBus, eventually, requires, type TempFolder, tempFolder } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { writeUser } from '../../server/auth/account-changes.ts';
import { axeProblems } from '../../test-support/axe.ts';
import { serveClip } from '../../test-support/fake-clips.ts';
import { fakeRooms } from '../../test-support/fake-messages.ts';
import { type ShownHouse, showHouse } from '../../test-support/show-house.ts';
import { translate } from '../texts/translate.ts';

const phone = { width: 390, height: 844 };
const password = 'a long password';
const fallMs = Date.now() - 60_000;
const atSecond = (second: number): string => new Date(fallMs + second * 1000).toISOString();
const fall = { event_id: 'e', first_low_at: atSecond(0), alarm_at: atSecond(15), reported_at: atSecond(15) };

requires('chromium')('the clip of a fall on the page', () => {
  let folder: TempFolder;
  let shown: ShownHouse;
  let bus: Awaited<ReturnType<typeof connectBus>>;

  beforeAll(async () => {
    folder = await tempFolder('users');
    const users = folder.file('users.json');
    await writeUser(users, { name: 'ana', display_name: 'Ana Ruiz', role: 'nurse', clips: true }, password);
    await writeUser(users, { name: 'eva', display_name: 'Eva Gil', role: 'technician' }, password);
    shown = await showHouse(fakeRooms(4), ['--users-file', users]);
    bus = await connectBus(shown.brokerUrl);
    await serveClip(bus, 'processor-a', { incidentId: 'inc-1', mode: 'blurred', at: [-2, -1, 1, 2].map(atSecond) });
    const clip = { mode: 'blurred', until: new Date(Date.now() + 600_000).toISOString() } as const;
    await shown.house.incident({ incident_id: 'inc-1', source_id: 1, falls: [fall], person: 'down', clip });
    await shown.house.incident({ incident_id: 'inc-2', source_id: 2, falls: [fall], person: 'down' });
  });
  afterAll(async () => {
    await bus?.stop();
    await shown?.stop();
    await folder?.remove();
  });

  const signIn = async (name: string, language: 'en' | 'es' = 'en'): Promise<Page> => {
    const window = await shown.browser.open(`${shown.url}#/incidents`, { ...phone, language });
    await window.fill('input[name="name"]', name);
    await window.fill('input[name="password"]', password);
    await window.click('button[type="submit"]');
    await window.locator('main [data-incident="inc-2"]').waitFor();
    return window;
  };

  it.each(['en', 'es'] as const)('is shown after a reason was given, and played at its times: %s', async (language) => {
    const t = (key: Parameters<typeof translate>[1], values?: Parameters<typeof translate>[2]): string =>
      translate(language, key, values);
    const window = await signIn('ana', language);
    const clip = window.locator('main [data-incident="inc-1"] .clip');
    await clip.locator('summary').click();
    const show = clip.getByRole('button', { name: t('clip.show') });
    await eventually(async () => expect(await show.isDisabled()).toBe(true));
    await clip.locator('input[name="clip-reason"]').fill('Head injury?');
    await eventually(async () => expect(await clip.textContent()).toContain(t('clip.recorded')));
    expect(await axeProblems(window)).toEqual([]);
    await show.click();
    const seconds = language === 'es' ? '1,0' : '1.0';
    const caption = clip.locator('.replay-caption');
    await eventually(async () => expect(await caption.textContent()).toBe(t('replay.after', { seconds })));
    const size =
      "(({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight])(document.querySelector('.clip img'))";
    await eventually(async () => expect(await window.evaluate(size)).toEqual([32, 18]));
    expect(await axeProblems(window)).toEqual([]);
    await eventually(async () =>
      expect(await window.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0),
    );
    await clip.getByRole('button', { name: t('replay.back'), exact: true }).click();
    await eventually(async () => expect(await caption.textContent()).toBe(t('replay.before', { seconds })));
    await clip.getByRole('button', { name: t('replay.play'), exact: true }).click();
    const last = t('replay.after', { seconds: language === 'es' ? '2,0' : '2.0' });
    await eventually(async () => expect(await caption.textContent()).toBe(last));
    await clip.getByRole('button', { name: t('replay.play'), exact: true }).waitFor();
    // closed, the page has forgotten it
    await clip.locator('summary').click();
    await eventually(async () => expect(await clip.locator('img').count()).toBe(0));
    expect(shown.browser.errors).toEqual([]);
  });

  it('is offered for no incident without one, and for none to an account without the right', async () => {
    const ana = await signIn('ana');
    await ana.locator('main [data-incident="inc-1"] .clip').waitFor();
    await eventually(async () => expect(await ana.locator('.clip').count()).toBe(1));
    const eva = await signIn('eva');
    await eva.locator('main [data-incident="inc-1"] [data-step="opened"]').waitFor({ state: 'attached' });
    await eventually(async () => expect(await eva.locator('.clip').count()).toBe(0));
  });
});
