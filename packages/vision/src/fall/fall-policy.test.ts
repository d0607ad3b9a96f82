import { defaultFallPolicy, fallPolicySchema } from './fall-policy.ts';

test('the defaults stand where nothing is given, and next to what is', () => {
  const policy = fallPolicySchema.parse({ timing: { abruptAlarmSeconds: 30 } });
  expect(policy).toEqual({ ...defaultFallPolicy, timing: { ...defaultFallPolicy.timing, abruptAlarmSeconds: 30 } });
});

test.each([
  ['a negative time', { timing: { downSeconds: -1 } }, 'timing.downSeconds'],
  ['a share above one', { observation: { startConfidence: 1.5 } }, 'observation.startConfidence'],
  ['a text', { posture: { wideRatio: 'wide' } }, 'posture.wideRatio'],
])('%s is refused by name', (_, input, path) => {
  const { error } = fallPolicySchema.safeParse(input);
  expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
});
