import { chromiumPath, eventually } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { fakeRooms, lying } from '../../apps/console/src/test-support/fake-messages.ts';
import { type ShownHouse, showHouse } from '../../apps/console/src/test-support/show-house.ts';
import type { Bench } from '../lib/bench-result.ts';
import { median, quantile, round } from '../lib/numbers.ts';

const rooms = 200;
const goalSeconds = 0.5;

/**
 * From an incident that is published on the broker to the alarm in a browser, with 200 rooms that are each seen every second: the
 * later of the moment when the bar is in the page and the moment when the first note is played. The figure is the median in seconds.
 */
export const alarm: Bench = async ({ quick, brief, say }) => {
  const shown = await showHouse(fakeRooms(rooms));
  const rounds = brief ? 2 : quick ? 5 : 21;
  const delays: { barMs: number; soundMs: number }[] = [];
  try {
    const page = await audiblePage(shown);
    for (let one = 0; one < rounds; one++) {
      delays.push(await measure(shown, page, one));
    }
  } finally {
    await shown.stop();
  }
  const both = delays.map(({ barMs, soundMs }) => Math.max(barMs, soundMs));
  say(`${rounds} alarms, median ${Math.round(median(both))} ms`);
  const detail = {
    rooms,
    rounds,
    bar_ms: { median: round(median(delays.map(({ barMs }) => barMs)), 0) },
    sound_ms: { median: round(median(delays.map(({ soundMs }) => soundMs)), 0) },
    both_ms: { median: round(median(both), 0), p90: round(quantile(both, 0.9), 0), max: Math.max(...both) },
    browser: chromiumPath(),
  };
  return { bench: 'alarm', goal: `≤ ${goalSeconds}`, ratio: round(median(both) / 1000, 3), detail };
};

async function audiblePage({ browser, url }: ShownHouse): Promise<Page> {
  const page = await browser.open(url);
  await page.addInitScript(noteMoments);
  await page.reload();
  await page.click('[data-sound-bar="question"] button.main');
  await page.waitForSelector('[data-sound="ready"]');
  return page;
}

async function measure({ house }: ShownHouse, page: Page, one: number): Promise<{ barMs: number; soundMs: number }> {
  const incident = { incident_id: `inc-${one}`, source_id: one % rooms };
  await house.seen(incident.source_id, [lying]);
  await page.evaluate('globalThis.moments = {}');
  const startMs = Date.now();
  await house.incident(incident);
  const moments = await eventually(async () => {
    const { bar, sound } = (await page.evaluate('globalThis.moments')) as { bar?: number; sound?: number };
    if (bar === undefined || sound === undefined) throw new Error('the alarm is not both seen and heard');
    return { bar, sound };
  });
  await house.incident({ ...incident, state: 'closed', closed_at: new Date().toISOString() });
  await page.waitForSelector('.alarm', { state: 'detached' });
  return { barMs: moments.bar - startMs, soundMs: moments.sound - startMs };
}

/** Put into the page before its scripts: when the bar is there, and when a note begins. Both processes have the same clock. */
function noteMoments(): void {
  const page = globalThis as unknown as {
    moments: { bar?: number; sound?: number };
    document: { querySelector(selector: string): unknown };
    MutationObserver: new (look: () => void) => { observe(target: unknown, options: object): void };
    AudioContext: { prototype: { createOscillator: () => unknown } };
  };
  page.moments = {};
  const look = (): void => {
    if (page.document.querySelector('.alarm') !== null) {
      page.moments.bar ??= Date.now();
    }
  };
  new page.MutationObserver(look).observe(page.document, { childList: true, subtree: true });
  const { prototype } = page.AudioContext;
  const create = prototype.createOscillator;
  prototype.createOscillator = function (...args): unknown {
    page.moments.sound ??= Date.now();
    return create.apply(this, args);
  };
}
