import fc from 'fast-check';
import { policySchema } from './policy.ts';
import { applyDifferences, differencesOf, isJsonRecord, type JsonRecord, policyBefore } from './policy-differences.ts';
import { policyFields, unknownPolicyPaths } from './policy-fields.ts';
import { noPolicyHistory, recordPolicyChange, retainedPolicySchema } from './policy-history.ts';

const keys = fc.constantFrom('a', 'b', 'rooms', '1', '__proto__', 'constructor');
const values = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.integer(),
    fc.boolean(),
    fc.constantFrom('', 'text'),
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(keys, tie('json'), { maxKeys: 4 }),
  ),
})).json;
const documents = fc
  .dictionary(keys, values, { maxKeys: 5 })
  .filter(isJsonRecord)
  .map((document): JsonRecord => JSON.parse(JSON.stringify(document)) as JsonRecord);

describe('settings of the policy', () => {
  it('each state what they mean, and numbers their unit, so that the form needs no text of its own', () => {
    const fields = policyFields();
    expect(fields.filter(({ meaning }) => meaning === '').map(({ path }) => path.join('.'))).toEqual([]);
    const numbers = fields.filter(({ kind }) => kind === 'number' || kind === 'integer');
    expect(numbers.filter(({ unit }) => unit === undefined).map(({ path }) => path.join('.'))).toEqual([]);
    expect(numbers.length).toBeGreaterThan(20);
    expect(fields).toContainEqual(
      expect.objectContaining({ path: ['timings', 'drill_seconds'], kind: 'number', unit: 's', default: 900 }),
    );
    expect(fields).toContainEqual(expect.objectContaining({ path: ['rooms', '*', 'home'], kind: 'text' }));
  });

  it('of a newer version outlive an older one: policy, groups, rooms and zones keep what is not known', () => {
    const zone = {
      kind: 'bed',
      points: [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
      height_m: 0.5,
    };
    const policy = {
      night: { from: '22:00' },
      limits: { gpus: 1 },
      rooms: { 1: { home: 'processor-a', floor: 2, zones: [zone] } },
    };
    expect(retainedPolicySchema.parse(policySchema.parse(policy))).toMatchObject(policy);
    expect(unknownPolicyPaths({ ...policy, 'x-site': 1 }).sort()).toEqual(
      ['night', 'limits.gpus', 'rooms.1.floor', 'rooms.1.zones.0.height_m'].sort(),
    );
  });

  it('are not lost with a history that cannot be read', () => {
    const retained = retainedPolicySchema.parse({ ...policySchema.parse({ standby: 3 }), history: { revision: 'x' } });
    expect(retained).toMatchObject({ standby: 3 });
    expect(retained.history).toBeUndefined();
  });
});

describe('differences of two policies', () => {
  it('lead from one to the other and back, whatever the keys are called', () => {
    fc.assert(
      fc.property(documents, documents, (before, after) => {
        const differences = differencesOf(before, after);
        expect(differencesOf(applyDifferences(before, differences, 'after'), after)).toEqual([]);
        expect(differencesOf(applyDifferences(after, differences, 'before'), before)).toEqual([]);
      }),
    );
  });

  it('name the single setting, and leave the others alone when they are taken back later', () => {
    const [first, second] = [policySchema.parse({}), policySchema.parse({ standby: 1 })];
    const third = policySchema.parse({ standby: 1, timings: { drill_seconds: 60 } });
    const author = { at: '2026-01-01T00:00:00.000Z', by: 'Ana Ruiz' };
    const one = recordPolicyChange(noPolicyHistory, first, second, { ...author, request: 'request 1' });
    const two = recordPolicyChange(one, second, third, { ...author, request: 'request 2' });
    expect(two.changes.map(({ revision, differences }) => ({ revision, differences }))).toEqual([
      { revision: 2, differences: [{ path: ['timings', 'drill_seconds'], before: 900, after: 60 }] },
      { revision: 1, differences: [{ path: ['standby'], before: 0, after: 1 }] },
    ]);
    expect(policyBefore({ ...third }, two.changes, 2)).toEqual(second);
    expect(policyBefore({ ...third }, two.changes, 1)).toEqual(first);
  });

  it('stay small enough for the broker, however large the changes are; the oldest are dropped', () => {
    const rooms = (name: string) =>
      Object.fromEntries(Array.from({ length: 1000 }, (_, id) => [id, { home: 'processor-a', name: `${name} ${id}` }]));
    let history = noPolicyHistory;
    for (let n = 0; n < 20; n += 1) {
      const [before, after] = [{ rooms: rooms(`Room ${n}`) }, { rooms: rooms(`Room ${n + 1}`) }];
      history = recordPolicyChange(history, before, after, { at: '2026-01-01T00:00:00.000Z', request: `request ${n}` });
    }
    expect(history.revision).toBe(20);
    expect(history.changes[0]?.revision).toBe(20);
    expect(JSON.stringify(history).length).toBeLessThan(140 * 1024);
    const small = recordPolicyChange(history, { a: 1 }, { a: 2 }, { at: '2026-01-01T00:00:00.000Z', request: 'last' });
    expect(small.changes[0]?.differences).toEqual([{ path: ['a'], before: 1, after: 2 }]);
  });
});
