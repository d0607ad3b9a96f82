import { requires } from '@vigilia/testing';
import { tellOutage } from './test-support/outage-story.ts';

requires('elasticsearch', 'mosquitto')('an outage of Elasticsearch under load, in small', () => {
  it('everything is there exactly once after the node was stopped, killed, and the sink killed six times', async () => {
    const result = await tellOutage({ messages: 3000, perSecond: 200, sinkKills: 6, nodeStoppedMs: 4000 });
    expect(result.sent).toBeGreaterThanOrEqual(3000);
    expect(result).toMatchObject({ found: result.sent, distinct: result.sent, deadLetters: 0 });
  });
});
