import { withoutUndefined } from './without-undefined.ts';

interface Answer {
  readonly id: number;
  readonly note?: string;
  readonly by?: string;
}

test('a message has no field for a value that is not known, and the fields that it has keep their order', () => {
  const answer: Answer = withoutUndefined({ note: 'seen', by: undefined, id: 3 });
  expect(JSON.stringify(answer)).toBe('{"note":"seen","id":3}');
  expect(Object.keys(answer)).toEqual(['note', 'id']);
});

test('null, false, zero and an empty text are values', () => {
  const values: Record<string, unknown> = { none: null, no: false, zero: 0, empty: '' };
  expect(Object.keys(withoutUndefined<Record<string, unknown>>(values))).toEqual(['none', 'no', 'zero', 'empty']);
});

test('the compiler refuses a required field that may be missing and a misspelled one', () => {
  const unknown = undefined as number | undefined;
  // @ts-expect-error id is required
  const first: Answer = withoutUndefined({ id: unknown });
  // @ts-expect-error the field is called note
  const second: Answer = withoutUndefined({ id: 1, notes: 'seen' });
  expect([first, second]).toEqual([{}, { id: 1, notes: 'seen' }]);
});
