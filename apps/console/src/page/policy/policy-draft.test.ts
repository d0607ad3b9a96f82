import { policyFields, policySchema } from '@vigilia/protocol';
import { policyMeaningsEs, unitEs } from './field-texts-es.ts';
import { enteredValue, fieldAt, importPolicy, problemOf, unknownPaths } from './policy-draft.ts';

const fields = policyFields();
const at = (path: string) => {
  const field = fieldAt(fields, path.split('.'));
  if (field === undefined) throw new Error(`no setting ${path}`);
  return field;
};

describe('texts of the policy', () => {
  it('give each setting its meaning in both languages, and each unit its word', () => {
    expect(Object.keys(policyMeaningsEs).sort()).toEqual(fields.map(({ path }) => path.join('.')).sort());
    for (const { path, meaning, unit } of fields) {
      expect({ path, same: policyMeaningsEs[path.join('.')] === meaning }).toEqual({ path, same: false });
      expect({ path, es: unit === undefined ? 'none' : unitEs(unit) }).not.toEqual({ path, es: undefined });
    }
  });
});

describe('values that a technician enters', () => {
  it.each([
    ['quiet.max_fps', '0,5', 0.5],
    ['standby', '2', 2],
    ['snapshots', 'true', true],
    ['rooms.1.rotate', '90', 90],
    ['homes', 'processor-a, processor-b', ['processor-a', 'processor-b']],
    ['rooms.1.name', ' ', undefined],
  ])('become what the policy has: %s %s', (path, text, value) => {
    expect(enteredValue(at(path), text)).toEqual(value);
    expect(problemOf(at(path), value)).toBeUndefined();
  });

  it.each([
    ['quiet.max_fps', 'fast', 'number'],
    ['quiet.max_fps', '45', 'maximum'],
    ['timings.drill_seconds', '-1', 'minimum'],
    ['limits.cpus', '0', 'above'],
    ['standby', '1.5', 'whole'],
    ['rooms.1.home', 'two words', 'form'],
    ['trigger', 'never', 'choice'],
  ])('are rejected with the reason: %s %s', (path, text, reason) => {
    expect(problemOf(at(path), enteredValue(at(path), text))).toMatchObject({ reason });
  });
});

describe('a policy from a file', () => {
  const current = {
    ...policySchema.parse({ standby: 2, rooms: { 1: { home: 'a', floor: 2 } } }),
    night: { from: '22:00' },
  };

  it('has defaults where the file is silent, and keeps what this version does not know', () => {
    const imported = importPolicy(fields, current, { rooms: { 1: { home: 'b' } } });
    expect(imported).toEqual({
      ...policySchema.parse({ rooms: { 1: { home: 'b', floor: 2 } } }),
      night: { from: '22:00' },
    });
  });

  it('loses an unknown setting only with the room that it belongs to', () => {
    expect(importPolicy(fields, current, { rooms: { 2: { home: 'b' } } })).toMatchObject({
      rooms: { 2: { home: 'b' } },
      night: { from: '22:00' },
    });
    expect(importPolicy(fields, current, { rooms: { 2: { home: 'b' } } }).rooms).not.toHaveProperty('1');
  });

  it('is searched for unknown settings at every depth', () => {
    expect(unknownPaths(fields, { ...current, limits: { gpus: 1 } })).toEqual([
      ['rooms', '1', 'floor'],
      ['limits', 'gpus'],
      ['night'],
    ]);
  });
});
