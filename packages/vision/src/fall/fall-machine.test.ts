import type { AlarmContext } from './alarm-rules.ts';
import type { Sighting } from './episode.ts';
import { type FallInput, stepFall } from './fall-machine.ts';
import { defaultFallPolicy as policy } from './fall-policy.ts';
import type { FallState } from './fall-state.ts';

type Posture = Sighting['posture'] | 'sits' | 'faint' | 'sure' | 'miss' | 'time' | 'acknowledged' | 'resolved';
/**
 * `[second, what was seen]`; `sits` is LOW in the shape of somebody sitting on the floor, `faint` lying but hardly like a
 * person, `sure` lying and surely one.
 */
type Script = readonly (readonly [second: number, posture: Posture])[];

const box = { x1: 0.2, y1: 0.7, x2: 0.6, y2: 0.8 };

function input(second: number, posture: Posture, o: { abrupt?: boolean; cameIn?: boolean }): FallInput {
  if (posture === 'miss' || posture === 'time' || posture === 'acknowledged' || posture === 'resolved')
    return { kind: posture };
  const low = posture !== 'up' && posture !== 'unsure' && posture !== 'bed' && posture !== 'part';
  const sighting = {
    atMs: second * 1000,
    posture: low ? 'low' : posture,
    lying: low && posture !== 'sits',
    score: low ? 3 : 0,
    rules: low ? ['wide_box', 'flat'] : [],
    confidence: posture === 'faint' ? 0.2 : posture === 'sure' ? 0.7 : 0.4,
    turned: false,
    box,
  } as const;
  return { kind: 'sighting', sighting, abrupt: o.abrupt ?? true, cameIn: o.cameIn ?? false, fallId: '1-0' };
}

/** Runs a script; gives the last state's name and everything that was told: `['candidate@0', …]`. */
function run(
  script: Script,
  o: Partial<AlarmContext> & { abrupt?: boolean; cameIn?: boolean } = {},
): { state: FallState['kind']; told: string[] } {
  let state: FallState = { kind: 'none' };
  const told: string[] = [];
  for (const [second, posture] of script) {
    const context: AlarmContext = {
      nearExit: false,
      attended: false,
      othersUp: false,
      roomAlarmed: false,
      zonesConfigured: true,
      intervalMs: 1000,
      ...o,
      atMs: second * 1000,
    };
    const [next, effects] = stepFall(state, input(second, posture, o), context, policy);
    state = next;
    told.push(...effects.map((effect) => `${effect.kind}${'rule' in effect ? `:${effect.rule}` : ''}@${second}`));
  }
  return { state: state.kind, told };
}

/** The same posture each second, both ends included. */
const hold = (from: number, to: number, posture: Posture): Script =>
  Array.from({ length: to - from + 1 }, (_, i) => [from + i, posture] as const);

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

describe('when it alarms', () => {
  const alarm = (script: Script, o?: Parameters<typeof run>[1]) =>
    run(script, o).told.find((one) => one.startsWith('detected'));

  test('20 s after an abrupt change', () => expect(alarm(hold(0, 30, 'low'))).toBe('detected:abrupt@20'));
  test('between frames, when its time comes', () =>
    expect(alarm([...hold(0, 15, 'low'), [20, 'time']])).toBe('detected:abrupt@20'));
  test('60 s after lying down slowly', () =>
    expect(alarm(hold(0, 100, 'low'), { abrupt: false })).toBe('detected:slow@60'));
  test('180 s after sitting down on the floor, as a warning', () =>
    expect(alarm(hold(0, 200, 'sits'))).toBe('detected:sitting@180'));
  test('not for somebody who sits on the floor and is hardly ever seen there: legs of a chair', () => {
    const seen = new Set([0, 5, 100, 150, 200]);
    const script = hold(0, 200, 'sits').map(([second]) => [second, seen.has(second) ? 'sits' : 'miss'] as const);
    expect(alarm(script, { abrupt: false })).toBeUndefined();
  });
  test('after twice the time where zones were never configured, but not later than the long lie', () => {
    expect(alarm(hold(0, 200, 'low'), { zonesConfigured: false })).toBe('detected:abrupt@40');
    expect(alarm(hold(0, 200, 'low'), { zonesConfigured: false, abrupt: false })).toBe('detected:slow@120');
  });
  test('45 s after somebody LOW went out of sight', () => {
    expect(alarm([...hold(0, 8, 'low'), ...hold(9, 60, 'miss')])).toBe('detected:vanished@45');
  });
  test('never for somebody out of sight at an exit', () => {
    expect(alarm([...hold(0, 8, 'low'), ...hold(9, 200, 'miss')], { nearExit: true })).toBeUndefined();
  });
  test('after three minutes while somebody helps', () =>
    expect(alarm(hold(0, 200, 'low'), { attended: true })).toBe('detected:abrupt@180'));
  test('later by the time the posture was unsure: the timer holds, it does not go back', () => {
    expect(alarm([...hold(0, 10, 'low'), ...hold(11, 15, 'unsure'), ...hold(16, 40, 'low')])).toBe(
      'detected:abrupt@25',
    );
  });
  test('as soon as after an abrupt change for somebody who came in between two looks', () =>
    expect(alarm(hold(0, 30, 'low'), { abrupt: false, cameIn: true })).toBe('detected:abrupt@20'));

  describe('of a second person, while the room has its alarm', () => {
    const second = { abrupt: false, roomAlarmed: true };
    test('at once when the fall was seen: two people fall over each other', () =>
      expect(alarm(hold(0, 200, 'low'), { ...second, abrupt: true })).toBe('detected:abrupt@20'));
    test('after the long lie when nobody saw it happen: a long lie harms whoever lies there', () =>
      expect(alarm(hold(0, 200, 'low'), second)).toBe('detected:long_lie@120'));
    test('also where zones were never configured', () =>
      expect(alarm(hold(0, 200, 'low'), { ...second, zonesConfigured: false })).toBe('detected:long_lie@120'));
    test('never for who sits on the floor: the one who helps', () =>
      expect(alarm(hold(0, 400, 'sits'), second)).toBeUndefined());
    test('never for who is out of sight: the one who knelt there and went', () =>
      expect(alarm([...hold(0, 8, 'low'), ...hold(9, 300, 'miss')], second)).toBeUndefined());
    test('not sooner for who came in just before: the one who helps', () =>
      expect(alarm(hold(0, 200, 'low'), { ...second, cameIn: true })).toBe('detected:long_lie@120'));
  });

  test('never for what nobody saw fall and hardly looks like a person: a bag; seen to fall, it is one', () => {
    expect(alarm(hold(0, 400, 'faint'), { abrupt: false })).toBeUndefined();
    expect(alarm(hold(0, 400, 'faint'), { abrupt: false, roomAlarmed: true })).toBeUndefined();
    expect(alarm(hold(0, 400, 'faint'))).toBe('detected:abrupt@20');
  });

  describe('of somebody seen low once, surely, and then out of sight', () => {
    const lost: Script = [[0, 'sure'], ...hold(1, 60, 'miss')];
    test('after 45 s', () => expect(alarm(lost)).toBe('detected:vanished@45'));
    test.each<[string, Script, Parameters<typeof run>[1]]>([
      ['the one sight was not sure', [[0, 'low'], ...hold(1, 60, 'miss')], {}],
      ['nobody saw it happen', lost, { abrupt: false }],
      ['somebody is up since, maybe the same under a new number', lost, { othersUp: true }],
      ['a way out is near', lost, { nearExit: true }],
    ])('not when %s', (_, script, o) => expect(alarm(script, o)).toBeUndefined());
  });

  test('not while the last sight was not LOW', () =>
    expect(alarm([...hold(0, 19, 'low'), ...hold(20, 40, 'unsure')])).toBeUndefined());
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
