import { join } from 'node:path';
import { repoRoot } from '@vigilia/testing';
import { parsePolicy, readPolicy } from './read-policy.ts';

describe('a policy file', () => {
  it('may be short: every value has a default', () => {
    const policy = parsePolicy('rooms: { "2": { home: processor-a } }', 'p.yaml');
    expect(policy).toMatchObject({
      relief: { max_fps: 0.05 },
      spawn_attempts: 3,
      rooms: { 2: { home: 'processor-a' } },
    });
  });

  it('that is empty is the default policy', () => {
    expect(parsePolicy('', 'p.yaml').limits.max_dedicated).toBe(2);
  });

  it('is refused with every field at fault', () => {
    const text = 'quiet: { max_fps: 99 }\nlimits: { max_dedicated: -1 }';
    expect(() => parsePolicy(text, 'p.yaml')).toThrow(/quiet\.max_fps.*limits\.max_dedicated/s);
  });

  it('is refused where it contains something that nothing reads: a limit that was misspelt would not hold', () => {
    const text =
      'limits: { max_dedicatd: 1 }\nrooms: { "2": { home: a, zones: [{ kind: bed, pionts: [], points: [[0, 0], [1, 0], [1, 1]] }] } }';
    expect(() => parsePolicy(text, 'p.yaml')).toThrow(
      /limits\.max_dedicatd is not a setting; rooms\.2\.zones\.0\.pionts is not a setting/,
    );
  });

  it.each(['demo/demo.yaml', 'deploy/policy.example.yaml'])('is accepted as it is shipped: %s', (file) => {
    expect(readPolicy(join(repoRoot, file)).rooms).toMatchObject({ 2: { home: 'processor-a' } });
  });

  it('that is not YAML is refused without a stack', () => {
    expect(() => parsePolicy('rooms: [', 'p.yaml')).toThrow(/p\.yaml is not YAML/);
  });

  it('that is missing is reported with the code policy_unreadable', () => {
    expect(() => readPolicy('/nowhere/policy.yaml')).toThrow(expect.objectContaining({ code: 'policy_unreadable' }));
  });
});
