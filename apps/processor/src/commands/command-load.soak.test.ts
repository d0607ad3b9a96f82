import { type Mosquitto, requires, startMosquitto } from '@vigilia/testing';
import { loadWithCommands, queues, rejections } from '../test-support/command-load.ts';
import { makeSite, type TestSite } from '../test-support/processor-house.ts';

const intervalMs = 1000;
/** For a machine that runs other tests beside this one. */
const slackMs = 1000;

requires('ffmpeg', 'mosquitto')('2,000 commands per second', () => {
  let site: TestSite;
  let broker: Mosquitto;

  beforeAll(async () => {
    site = await makeSite();
    broker = await startMosquitto({ config: queues });
  });
  afterAll(async () => {
    await broker.stop();
    await site.remove();
  });

  test('are all answered or rejected with queue_full, while rooms are analysed on time and room states are kept, and memory returns', async () => {
    const outcome = await loadWithCommands(site, broker, { perSecond: 2000, seconds: 10, restMs: 60_000 });
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
    expect(outcome).toMatchObject({ sent: 20_000, unanswered: 0 });
    expect(Object.keys(outcome.errors).filter((code) => !rejections.includes(code))).toEqual([]);
    expect(outcome.zone.set).toBeDefined();
    expect(outcome.zone.shown).toBe(outcome.zone.set);
    expect(outcome.largestGapMs).toBeLessThanOrEqual(1.5 * intervalMs + slackMs);
    expect(outcome.memoryMb.after).toBeLessThanOrEqual(outcome.memoryMb.before * 1.1);
  });
});
