import { hold, run, type Script } from './fall-script.fixture.ts';
import type { FallState } from './fall-state.ts';

describe('from state to state', () => {
  test.each<[string, Script, FallState['kind'], string[]]>([
    [
      'upright people raise nothing',
      [
        [0, 'up'],
        [1, 'unsure'],
        [2, 'bed'],
        [3, 'miss'],
      ],
      'none',
      [],
    ],
    ['the first LOW makes a candidate', [[0, 'low']], 'candidate', ['candidate@0']],
    [
      'two LOW within five seconds are not enough',
      [
        [0, 'low'],
        [4, 'low'],
      ],
      'candidate',
      ['candidate@0'],
    ],
    [
      'two LOW over five seconds are',
      [
        [0, 'low'],
        [5, 'low'],
      ],
      'down',
      ['candidate@0', 'suspected@5'],
    ],
    [
      'LOW in less than 60 % of the sights is not',
      [
        [0, 'low'],
        [2, 'unsure'],
        [3, 'unsure'],
        [5, 'low'],
      ],
      'candidate',
      ['candidate@0'],
    ],
    [
      'one look up is no recovery',
      [
        [0, 'low'],
        [5, 'low'],
        [6, 'up'],
      ],
      'down',
      ['candidate@0', 'suspected@5'],
    ],
    [
      'up for three seconds, seen twice, is',
      [
        [0, 'low'],
        [5, 'low'],
        [6, 'up'],
        [9, 'up'],
      ],
      'none',
      ['candidate@0', 'suspected@5', 'recovered@9'],
    ],
    [
      'a candidate that gets up was never told, so is not told again',
      [
        [0, 'low'],
        [1, 'up'],
        [4, 'up'],
      ],
      'none',
      ['candidate@0'],
    ],
    [
      'LOW in between begins the recovery anew',
      [
        [0, 'low'],
        [5, 'low'],
        [6, 'up'],
        [7, 'low'],
        [9, 'up'],
      ],
      'down',
      ['candidate@0', 'suspected@5'],
    ],
    [
      'put to bed is recovered too',
      [
        [0, 'low'],
        [5, 'low'],
        [6, 'bed'],
        [9, 'bed'],
      ],
      'none',
      ['candidate@0', 'suspected@5', 'recovered@9'],
    ],
    [
      'a candidate nothing confirms is dropped after a minute',
      [
        [0, 'low'],
        [30, 'unsure'],
        [61, 'unsure'],
      ],
      'none',
      ['candidate@0'],
    ],
    [
      'a suspicion that fades is taken back',
      [
        [0, 'low'],
        [5, 'low'],
        [6, 'unsure'],
        [66, 'unsure'],
      ],
      'none',
      ['candidate@0', 'suspected@5', 'recovered@66'],
    ],
  ])('%s', (_, script, state, told) => {
    expect(run(script)).toEqual({ state, told });
  });
});

describe('what a person says', () => {
  const before: Record<Exclude<FallState['kind'], 'quiet'>, Script> = {
    none: [[0, 'up']],
    candidate: [[0, 'low']],
    down: hold(0, 6, 'low'),
    alarm: hold(0, 20, 'low'),
  };
  test.each([
    ['none', 'acknowledged', 'none'],
    ['none', 'resolved', 'none'],
    ['candidate', 'acknowledged', 'candidate'],
    ['candidate', 'resolved', 'quiet'],
    ['down', 'acknowledged', 'down'],
    ['down', 'resolved', 'quiet'],
    ['alarm', 'acknowledged', 'alarm'],
    ['alarm', 'resolved', 'quiet'],
  ] as const)('%s, %s → %s, and nothing is told', (from, said, to) => {
    const { told } = run(before[from]);
    expect(run([...before[from], [20, said]])).toEqual({ state: to, told });
  });
  test('acknowledging a suspicion does not acknowledge the alarm that follows: its reminders come', () => {
    const { told } = run([...hold(0, 6, 'low'), [6, 'acknowledged'], ...hold(7, 20, 'low'), [320, 'low']]);
    expect(told.slice(2)).toEqual(['detected:abrupt@20', 'reminder:abrupt@320']);
  });
  test('quiet stays quiet whatever is said again', () => {
    const quiet: Script = [...hold(0, 20, 'low'), [21, 'resolved']];
    expect(run([...quiet, [22, 'acknowledged'], [23, 'resolved'], ...hold(24, 400, 'low')]).state).toBe('quiet');
  });
});

describe('after an alarm', () => {
  const alarmed = hold(0, 20, 'low');
  test('a reminder every five minutes until somebody acknowledges', () => {
    expect(run([...alarmed, [319, 'low'], [320, 'low'], [620, 'time']]).told.slice(3)).toEqual([
      'reminder:abrupt@320',
      'reminder:abrupt@620',
    ]);
    expect(run([...alarmed, [30, 'acknowledged'], [320, 'low'], [620, 'low']]).told.slice(3)).toEqual([]);
  });
  test('up again: recovered, and the next fall is a new one', () => {
    const { told } = run([...alarmed, [30, 'up'], [31, 'up'], [33, 'up'], [40, 'low']]);
    expect(told.slice(3)).toEqual(['recovered@33', 'candidate@40']);
  });
  test('two looks up do not take it back: it may be a chair beside the person', () => {
    expect(run([...alarmed, [30, 'up'], [33, 'up'], [40, 'low']]).told.slice(3)).toEqual([]);
  });
  test('resolved by a person: quiet at that place until up', () => {
    expect(run([...alarmed, [25, 'resolved'], ...hold(26, 400, 'low')])).toMatchObject({
      state: 'quiet',
      told: expect.not.arrayContaining(['candidate@26']),
    });
    expect(run([...alarmed, [25, 'resolved'], [26, 'low'], [30, 'up'], [33, 'up'], [40, 'low']]).told.slice(3)).toEqual(
      ['candidate@40'],
    );
  });
});
