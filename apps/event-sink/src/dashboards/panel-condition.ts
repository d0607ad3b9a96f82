import type { Condition } from './panel.ts';

/** Returns a condition as a query of Elasticsearch. */
export function conditionQuery(condition: Condition): Readonly<Record<string, unknown>> {
  if ('exists' in condition) return { exists: { field: condition.field } };
  return 'oneOf' in condition
    ? { terms: { [condition.field]: condition.oneOf } }
    : { term: { [condition.field]: condition.is } };
}

/** The same condition in Kibana's query language. */
export function conditionKql(condition: Condition): string {
  if ('exists' in condition) return `${condition.field}: *`;
  if ('oneOf' in condition)
    return `${condition.field}: (${condition.oneOf.map((value) => JSON.stringify(value)).join(' or ')})`;
  return `${condition.field}: ${JSON.stringify(condition.is)}`;
}
