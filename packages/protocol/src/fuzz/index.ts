export { fuzzedMessages } from './fuzzed-message.ts';
export type { FieldValues } from './schema-values.ts';
