import { sampleDocuments } from '../test-support/sample-documents.ts';
import { asRecord, type Json } from './json-fields.ts';
import { type Field, mappings } from './mappings.ts';

/** Leaves of a document that no field of the mapping declares: Elasticsearch would keep them and never find them. */
function undeclared(value: Json, fields: Readonly<Record<string, Field>>, path = ''): string[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const field = fields[name];
    if (field === undefined) return [`${path}${name}`];
    const object = asRecord(inner);
    if (object === undefined || field.enabled === false || field.dynamic === true) return [];
    return 'properties' in field
      ? undeclared(object, field.properties as Readonly<Record<string, Field>>, `${path}${name}.`)
      : [`${path}${name} (is an object)`];
  });
}

describe('the mapping', () => {
  it.each(sampleDocuments().map((document) => [document.name, document.body] as const))(
    'declares every field of %s',
    (_, body) => {
      expect(undeclared(body, mappings.properties as Readonly<Record<string, Field>>)).toEqual([]);
    },
  );
});
