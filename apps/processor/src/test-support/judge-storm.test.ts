import type { Storm, StormCommand, StormResult, Watched } from './command-storm.ts';
import { judgeStorm } from './judge-storm.ts';

const watched = (models: Record<number, string>, paused = false): Watched => ({
  paused,
  models: new Map(Object.entries(models).map(([room, model]) => [Number(room), model])),
});
const both = watched({ 0: 'small', 1: 'small' });
const results = (sourceId: number, ...times: number[]): StormResult[] =>
  times.map((at) => ({ sourceId, at, frameAt: String(at), modelId: 'small' }));
const command = (changes: Partial<StormCommand>): StormCommand =>
  ({
    name: 'restart',
    params: {},
    sentAt: 0,
    endedAt: 0,
    resultsBefore: 0,
    resultsAfter: 0,
    after: both,
    ...changes,
    ack: { ack_status: 'completed', result: {}, ...changes.ack },
  }) as StormCommand;
const storm = (changes: Partial<Storm>): Storm => ({
  beganAt: 0,
  endedAt: 5000,
  before: both,
  commands: [],
  results: [],
  ...changes,
});
const steady = results(1, 1000, 2000, 3000, 4000);

test.each([
  ['from the beginning', results(0, 4000)],
  ['to the end', results(0, 1000)],
  ['the whole time', []],
])('a room that is silent %s is seen', (_, seen) => {
  expect(judgeStorm(storm({ results: [...seen, ...steady] }), 1).untouchedRatio).toBeGreaterThan(3.9);
});

test('only a command that names the room excuses its gap', () => {
  const seen = [...results(0, 1000, 4000), ...steady];
  const naming = (room: number) =>
    storm({
      results: seen,
      commands: [command({ sentAt: 1500, endedAt: 2500, ack: { result: { gap_ms: { [room]: 3000 } } } as never })],
    });
  expect(judgeStorm(naming(0), 1)).toMatchObject({ untouchedRatio: 1, namedExcessMs: 2000 });
  expect(judgeStorm(naming(1), 1).untouchedRatio).toBe(3);
});

test('a room that is offline gives no results, and is monitored again from its return', () => {
  const away = (backAt: number) =>
    storm({
      results: [...results(0, 1000, 4500), ...steady],
      commands: [
        command({ sentAt: 1100, endedAt: 1200, after: watched({ 1: 'small' }), resultsBefore: 1, resultsAfter: 1 }),
        command({ sentAt: backAt - 100, endedAt: backAt, resultsBefore: 1, resultsAfter: 1 }),
      ],
    });
  expect(judgeStorm(away(4000), 1).untouchedRatio).toBe(1);
  expect(judgeStorm(away(2000), 1).untouchedRatio).toBe(2.5);
});

test('a result of a model that was replaced is stale once the command is completed, not before', () => {
  const swap = command({ resultsBefore: 1, resultsAfter: 3, after: watched({ 0: 'same', 1: 'small' }) });
  const seen = results(0, 1, 2, 3, 4);
  expect(judgeStorm(storm({ results: seen, commands: [swap] }), 1).stale).toBe(1);
  expect(judgeStorm(storm({ results: seen.slice(0, 3), commands: [swap] }), 1).stale).toBe(0);
});
