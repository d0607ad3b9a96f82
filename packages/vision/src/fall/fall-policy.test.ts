import { defaultFallPolicy, fallPolicySchema } from './fall-policy.ts';

test('the defaults stand where nothing is given, and next to what is', () => {
  const policy = fallPolicySchema.parse({ timing: { abruptAlarmSeconds: 30 } });
  expect(policy).toEqual({ ...defaultFallPolicy, timing: { ...defaultFallPolicy.timing, abruptAlarmSeconds: 30 } });
});

test.each([
  ['a negative time', { timing: { downSeconds: -1 } }, 'timing.downSeconds'],
  ['a share above one', { observation: { startConfidence: 1.5 } }, 'observation.startConfidence'],
  ['a text', { posture: { wideRatio: 'wide' } }, 'posture.wideRatio'],
  ['UP above LOW', { posture: { upScore: 0, lowScore: 0 } }, 'posture.upScore'],
  ['narrower than broad and wide', { posture: { narrowRatio: 0.9 } }, 'posture.narrowRatio'],
  ['a long lie shorter than the slow alarm', { timing: { longLieSeconds: 30 } }, 'timing.slowAlarmSeconds'],
  [
    'to continue only what is surer than to start',
    { observation: { continueConfidence: 0.5 } },
    'observation.continueConfidence',
  ],
])('%s is refused by name', (_, input, path) => {
  const { error } = fallPolicySchema.safeParse(input);
  expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
});

test.each([
  ['in a part', { timing: { abruptAlarmSecond: 30 } }],
  ['of a part', { timings: {} }],
])('a name nobody knows %s is refused: a limit misspelt would be a limit not set', (_, input) => {
  expect(fallPolicySchema.safeParse(input).success).toBe(false);
});
