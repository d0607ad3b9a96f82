import { createTopics } from '@vigilia/protocol';
import { makeRoomMetrics } from '@vigilia/simulated-site';
import { connectBus, eventually, PlayedProcessor, requires } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { axeProblems } from '../test-support/axe.ts';
import { fakeRooms, stream } from '../test-support/fake-messages.ts';
import { screenshot } from '../test-support/screenshot.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';

const phone = { width: 390, height: 844, language: 'es' as const };

requires('chromium')('the system as a page', () => {
  let shown: ShownHouse;
  let bus: Awaited<ReturnType<typeof connectBus>>;

  beforeAll(async () => {
    shown = await showHouse(fakeRooms(8));
    await shown.house.notifier('online');
    bus = await connectBus(shown.brokerUrl);
  });
  afterAll(async () => {
    await bus?.stop();
    await shown?.stop();
  });

  const open = async (look: Parameters<ShownHouse['browser']['open']>[1] = {}): Promise<Page> => {
    const window = await shown.browser.open(`${shown.url}#/system`, look);
    await window.waitForSelector('[data-service="processor-a"]');
    return window;
  };
  /** Starts processor-a anew, with four rooms that count up from 100 analyses to these figures. */
  const counted = async (analysed: number, skipped: number): Promise<void> => {
    const processor = new PlayedProcessor({ bus, instanceId: 'processor-a' });
    const boot_id = `boot-${analysed}-${skipped}`;
    const ids = [0, 1, 2, 3];
    await processor.status({ boot_id, health: 'ok', streams: ids.map((id) => stream(id, 'movenet', 1)) });
    for (const counters of [
      { analysed: 100, skipped: 0 },
      { analysed, skipped },
    ]) {
      const rooms = ids.map((id) => makeRoomMetrics(id, counters));
      await processor.metrics({ boot_id, uptime_seconds: 4200, rooms });
    }
  };
  const shows = (window: Page, selector: string, words: RegExp | string): Promise<void> =>
    eventually(async () => expect(await window.locator(selector).textContent()).toMatch(words));

  it('lists each service with its state, and states that nothing is wrong while nothing is', async () => {
    const window = await open();
    for (const id of ['console', 'orchestrator', 'notifier', 'processor-a', 'processor-b']) {
      await window.waitForSelector(`[data-service="${id}"]`);
    }
    await shows(window, '[data-service="processor-a"]', /Running.*Rooms4.*Started.*Last report/);
    await shows(window, '.system', 'No fault is known.');
    await shows(window, '[data-broker="connected"]', 'Connected since');
    await shows(window, '.system', 'without https');
  });

  it('names the overloaded home, how many rooms are too many and what to do, in both languages', async () => {
    await counted(150, 50);
    const window = await open();
    const finding = '[data-code="processor_overloaded"]';
    await shows(
      window,
      finding,
      'skips 50 % of the analyses that are due. At these rates 2 of its 4 rooms are too many.',
    );
    await shows(window, finding, 'lower the rates to 50 %');
    await shows(window, '[data-service="processor-a"]', '50 % in the last minutes');
    expect(await axeProblems(window)).toEqual([]);
    await screenshot(window, 'desktop-system');
    const small = await open(phone);
    await shows(small, '.findings', 'sobran 2 de sus 4 habitaciones');
    expect(await axeProblems(small)).toEqual([]);
    expect(await small.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await screenshot(small, 'phone-system');
  });

  it('warns of a full disk, a wrong clock, different versions and a silent alert target, and shows the log of each service', async () => {
    const folder = { name: 'spool', free_bytes: 0.8e9, total_bytes: 252e9, used_bytes: 12e6, max_bytes: 1e9 };
    const trouble = { level: 'error', event: 'elasticsearch_trouble', message: 'no answer', count: 3 } as const;
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    await shown.house.service({
      instance_id: 'event-sink',
      service: 'event-sink',
      version: '0.0.9',
      timestamp: new Date(Date.now() + 5500).toISOString(),
      folders: [folder],
      troubles: [{ ...trouble, at: minutesAgo(1) }],
    });
    const failing = { name: 'ward-phone', type: 'ntfy', ok: false, pending: 2, failing_since: minutesAgo(2) };
    const mail = { name: 'office', type: 'email', ok: true, pending: 0 };
    await shown.house.service({
      instance_id: 'notifier',
      service: 'notifier',
      troubles: [{ level: 'warning', event: 'alert_not_sent', message: 'refused', count: 1, at: minutesAgo(2) }],
      alert_targets: [{ ...failing, error: 'It refuses the token.', remedy: 'Make a new one.' }, mail],
    });
    const window = await open();
    await shows(window, '[data-code="disk_nearly_full"]', /folder spool has 800 MB left.*larger one/);
    await shows(window, '[data-code="clock_differs"]', /event-sink: its clock is 5(\.\d)? s ahead.*NTP/);
    await shows(window, '[data-code="versions_differ"]', '0.0.9: event-sink');
    await shows(window, '[data-code="alert_target_failing"]', /ward-phone takes no messages.*Make a new one/);
    await shows(window, '[data-service="event-sink"]', /Version0\.0\.9.*800 MB free of 252 GB.*12 MB of at most 1 GB/);
    await shows(window, '[data-target="ward-phone"]', /fails since .* 2 messages wait/);
    await shows(window, '[data-target="office"]', 'takes messages');
    await shows(window, '.log', /elasticsearch_trouble \(3 times\).*no answer.*alert_not_sent/);
    await window.selectOption('.log-filter select', 'notifier');
    await eventually(async () => expect(await window.locator('.log li').count()).toBe(1));
    expect(await axeProblems(window)).toEqual([]);
    const small = await open(phone);
    await shows(small, '.findings', 'Sincronice los relojes');
    await shows(small, '.log', 'elasticsearch_trouble (3 veces)');
    expect(await axeProblems(small)).toEqual([]);
    expect(await small.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });

  it('shows how long records are kept, and warns when events are kept for less than six months', async () => {
    const publish = (events: number) => {
      const kept_days = { events, reports: 400, detections: 3, service: 30, metrics: 30 };
      const state = { instance_id: 'event-sink', timestamp: new Date().toISOString(), outputs: ['ndjson'], kept_days };
      return bus.publish(createTopics().recordsState('event-sink'), state, { retain: true, qos: 1 });
    };
    const window = await open();
    await shows(window, '.system', 'No event sink has reported what it keeps.');
    await publish(183);
    await shows(window, '[data-records="event-sink"]', /Events, incidents.*183 days.*400 days.*3 days.*ndjson/);
    await eventually(async () => expect(await window.locator('[data-records] .warn').count()).toBe(0));
    await publish(90);
    await shows(window, '[data-records] .warn', 'at least six months');
    const small = await open(phone);
    await shows(small, '[data-records="event-sink"]', '90 días');
    expect(await axeProblems(small)).toEqual([]);
  });

  it('reports a notifier that ends, without a reload, and is reached from the settings menu', async () => {
    const window = await shown.browser.open(shown.url);
    await window.waitForSelector('.tile');
    await window.click('.menu summary');
    await window.click('.menu a[href="#/system"]');
    await window.waitForSelector('[data-service="notifier"]');
    await shown.house.notifier('offline');
    await window.waitForSelector('[data-code="notifier_offline"]');
    await shown.house.notifier('online');
    await window.waitForSelector('[data-code="notifier_offline"]', { state: 'detached' });
    expect(shown.browser.errors).toEqual([]);
    expect(shown.browser.outside).toEqual([]);
  });
});
