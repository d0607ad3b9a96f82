import type { FormSchema } from '../../shared/command-result.ts';

/** How one parameter is entered. */
type FieldKind = 'integer' | 'number' | 'boolean' | 'choice' | 'text' | 'json';

export interface FormField {
  readonly name: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly choices: readonly string[];
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

/** The fields of a form from the JSON schema of a command's parameters. */
export function fieldsOf(schema: FormSchema): FormField[] {
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    kind: kindOf(property),
    required: schema.required?.includes(name) ?? false,
    choices: (property.enum ?? []).map(String),
    minimum: property.minimum,
    maximum: property.maximum,
  }));
}

function kindOf({ type, enum: choices }: FormSchema): FieldKind {
  if (choices !== undefined) return 'choice';
  if (type === 'integer' || type === 'number' || type === 'boolean') return type;
  return type === 'string' ? 'text' : 'json';
}

/** A field whose text cannot be understood. */
export class FieldError extends Error {
  override readonly name = 'FieldError';
  readonly field: string;

  constructor(field: string) {
    super(`${field} is not valid JSON`);
    this.field = field;
  }
}

/**
 * What was entered as a command's parameters; empty fields are left out. The console checks them against the protocol.
 * @throws FieldError for JSON that is none
 */
export function paramsOf(
  fields: readonly FormField[],
  entered: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const filled = fields.filter(({ name }) => (entered[name] ?? '').trim() !== '');
  return Object.fromEntries(filled.map((field) => [field.name, fieldValue(field, (entered[field.name] ?? '').trim())]));
}

function fieldValue({ name, kind }: FormField, text: string): unknown {
  if (kind === 'integer' || kind === 'number') return Number(text.replace(',', '.'));
  if (kind === 'boolean') return text === 'true';
  if (kind !== 'json') return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new FieldError(name);
  }
}
