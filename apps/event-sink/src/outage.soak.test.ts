import { requires } from '@vigilia/testing';
import { tellOutage } from './test-support/outage-story.ts';

requires('elasticsearch', 'mosquitto')('an outage of Elasticsearch under load, in full', () => {
  it('every document is stored exactly once after the node was unreachable for two minutes, was killed, and the sink was killed twenty times', async () => {
    const result = await tellOutage({ messages: 40_000, perSecond: 200, sinkKills: 20, nodeStoppedMs: 120_000 });
    process.stdout.write(`${JSON.stringify({ soak: 'sink outage', ...result })}\n`);
    expect(result.sent).toBeGreaterThanOrEqual(40_000);
    expect(result).toMatchObject({ found: result.sent, distinct: result.sent, deadLetters: 0 });
  }, 1_800_000);
});
