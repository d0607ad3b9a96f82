import type { FallReport } from '@vigilia/protocol';
import { fallStart } from './fall-reports.ts';
import { at, startMs } from './test-support/samples.ts';

test.each<[string, Partial<FallReport>, string]>([
  ['when the person was first seen there', { detected_at: at(-20_000), timestamp: at(-1000) }, at(-20_000)],
  ['when it was reported', { timestamp: at(-1000) }, at(-1000)],
  ['now, where the sensor names no time', {}, at(0)],
  ['now, where the clock of the sensor is ahead', { detected_at: at(60_000), timestamp: at(60_000) }, at(0)],
  ['now, where the clock of the sensor was never set', { timestamp: '1970-01-01T00:00:10.000Z' }, at(0)],
])('a person whose fall has no incident has been on the floor since %s', (_, report, since) => {
  expect(fallStart({ source_id: 2, unread: [], ...report }, startMs)).toBe(since);
});
