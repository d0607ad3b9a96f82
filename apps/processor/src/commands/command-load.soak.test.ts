import { type Mosquitto, requires, shippedQueues, startMosquitto } from '@vigilia/testing';
import { loadWithCommands, rejections } from '../test-support/command-load.ts';
import { makeSite, type TestSite } from '../test-support/processor-house.ts';

const intervalMs = 1000;
/** For a machine that runs other tests beside this one. */
const slackMs = 1000;

requires('ffmpeg', 'mosquitto')('2,000 commands per second', () => {
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

  test('are all answered or rejected with queue_full, while rooms are analysed on time and room states are kept, and memory does not grow from load to load', async () => {
    const outcome = await loadWithCommands(site, broker, { perSecond: 2000, seconds: 10, loads: 3, restMs: 60_000 });
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
    expect(outcome).toMatchObject({ sent: 60_000, unanswered: 0, events: { sent: 600, lost: 0 } });
    expect(Object.keys(outcome.errors).filter((code) => !rejections.includes(code))).toEqual([]);
    expect(outcome.zone.set).toBeDefined();
    expect(outcome.zone.shown).toBe(outcome.zone.set);
    expect(outcome.largestGapMs).toBeLessThanOrEqual(1.5 * intervalMs + slackMs);
    const [, second, third] = outcome.memoryMb;
    // the first load leaves the process larger than it started; a leak would show as growth from one load to the next
    expect(third?.after).toBeLessThanOrEqual((second?.after ?? 0) * 1.1);
  }, 1_200_000);
});
