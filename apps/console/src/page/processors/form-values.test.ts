import { parseCommand } from '@vigilia/protocol';
import { commandForms } from '../../server/command-forms.ts';
import { FieldError, fieldsOf, paramsOf } from './form-values.ts';

const fieldsFor = (name: string) => {
  const form = commandForms().find((one) => one.name === name && one.to === 'processors');
  return form === undefined ? [] : fieldsOf(form.schema);
};

describe('forms made from the protocol’s schemas', () => {
  it('ask for what a command needs', () => {
    expect(fieldsFor('set_fps')).toMatchObject([
      { name: 'max_fps', kind: 'number', required: true, minimum: 0.01, maximum: 30 },
      { name: 'source_id', kind: 'integer', required: false },
    ]);
    expect(fieldsFor('set_decode')[0]).toMatchObject({ kind: 'choice', choices: ['auto', 'keyframes', 'full'] });
    expect(fieldsFor('set_zones').find(({ name }) => name === 'zones')?.kind).toBe('json');
    expect(fieldsFor('ping')).toEqual([]);
  });

  it('make parameters that the protocol accepts, and leave out what is empty', () => {
    const params = paramsOf(fieldsFor('add_stream'), { source_id: '8', max_fps: '0,5', tracking: 'false', uri: ' ' });
    expect(params).toEqual({ source_id: 8, max_fps: 0.5, tracking: false });
    expect(parseCommand('add_stream', params).params).toEqual(params);
  });

  it('name the field whose JSON is broken', () => {
    expect(() => paramsOf(fieldsFor('set_zones'), { source_id: '1', zones: '[' })).toThrow(FieldError);
  });
});
