import { type Mosquitto, requires, shippedQueues, startMosquitto } from '@vigilia/testing';
import { loadWithCommands, rejections } from '../test-support/command-load.ts';
import { makeSite, type TestSite } from '../test-support/processor-house.ts';

requires('ffmpeg', 'mosquitto')('500 commands per second', () => {
  let site: TestSite;
  let broker: Mosquitto;

  beforeAll(async () => {
    site = await makeSite();
    broker = await startMosquitto({ config: shippedQueues() });
  });
  afterAll(async () => {
    await broker.stop();
    await site.remove();
  });

  test('are all answered or rejected with queue_full, and the last room state and every event arrive', async () => {
    const outcome = await loadWithCommands(site, broker, { perSecond: 500, seconds: 3, loads: 1, restMs: 0 });
    expect(outcome).toMatchObject({ sent: 1500, unanswered: 0, events: { sent: 15, lost: 0 } });
    expect(Object.keys(outcome.errors).filter((code) => !rejections.includes(code))).toEqual([]);
    expect(outcome.zone.set).toBeDefined();
    expect(outcome.zone.shown).toBe(outcome.zone.set);
  });
});
