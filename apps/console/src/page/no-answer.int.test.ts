import { eventually, requires } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { emptyView } from '../shared/view.ts';
import { axeProblems } from '../test-support/axe.ts';
import { countNotes } from '../test-support/count-notes.ts';
import { fakeRooms } from '../test-support/fake-messages.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';
import { translate } from './texts/translate.ts';

requires('chromium')('a page whose console does not answer, or not reliably', () => {
  let shown: ShownHouse;
  beforeAll(async () => {
    shown = await showHouse(fakeRooms(4));
  });
  afterAll(() => shown?.stop());

  /** A page on which a person has turned the sound on. */
  const openWithSound = async (language: 'en' | 'es' = 'en'): Promise<Page> => {
    const window = await shown.browser.open(shown.url, { language });
    await window.click('[data-sound-bar="question"] button.main');
    return window;
  };

  it.each(['en', 'es'] as const)(
    'shows and sounds that the console does not answer at the first load, and shows the site without a reload once it does: %s',
    async (language) => {
      const window = await openWithSound(language);
      const notes = await countNotes(window);
      await window.route('**/api/session', () => undefined);
      await window.reload();
      const notice = window.locator('[data-no-answer]');
      await eventually(async () =>
        expect(await notice.textContent()).toContain(translate(language, 'start.no_answer')),
      );
      expect(await axeProblems(window)).toEqual([]);
      await eventually(async () => expect(await window.locator('html').getAttribute('lang')).toBe(language));
      // a browser lets a page sound only after a touch
      await window.mouse.click(300, 600);
      await eventually(async () => expect(await notes()).toBeGreaterThanOrEqual(3), { timeoutMs: 40_000 });
      await window.unroute('**/api/session');
      await window.waitForSelector('.tile[data-condition="well"]');
      await eventually(async () => expect(await notice.count()).toBe(0));
    },
  );

  it('sounds the loss of a connection that comes back every time before the loss would sound', async () => {
    const window = await openWithSound();
    const notes = await countNotes(window);
    const head = { connected: true, since: new Date().toISOString(), snapshots: false, faults: [] };
    const house = JSON.stringify({ ...emptyView, head });
    // each connection sends the site once and ends; the page connects again two seconds later
    await window.route('**/api/live', (route) =>
      route.fulfill({ contentType: 'text/event-stream', body: `event: house\ndata: ${house}\n\n` }),
    );
    await window.reload();
    await window.mouse.click(300, 600);
    await window.waitForSelector('[data-sound="ready"]');
    await eventually(async () => expect(await notes()).toBeGreaterThanOrEqual(3), { timeoutMs: 40_000 });
    await eventually(async () => expect(await window.locator('[data-faults="console"]').count()).toBe(1));
  });
});
