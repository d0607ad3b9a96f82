import { parsePolicy, readPolicy } from './read-policy.ts';

describe('a policy file', () => {
  it('may say little: every value has a default', () => {
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

  it('that is not YAML is refused without a stack', () => {
    expect(() => parsePolicy('rooms: [', 'p.yaml')).toThrow(/p\.yaml is not YAML/);
  });

  it('that is missing is named', () => {
    expect(() => readPolicy('/nowhere/policy.yaml')).toThrow(expect.objectContaining({ code: 'policy_unreadable' }));
  });
});
