import { redactDeep, redactUrl } from '@vigilia/service';

/** Fields that name a person, a room or the address of a browser. */
const personal = new Set([
  'by',
  'display_name',
  'ip',
  'name',
  'note',
  'patient',
  'room_name',
  'user',
  'user_name',
  'ward',
  'who',
]);
const hidden = '***';

/** Takes out of everything what must not leave a site: credentials by their form, known secrets by their value, names of people. */
export class Redaction {
  readonly #secrets: readonly string[];

  /** @param secrets values that are known, the longest first */
  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  /** Returns a JSON text, indented. */
  json(value: unknown): string {
    return `${this.#withoutSecrets(JSON.stringify(withoutPeople(redactDeep(value)), null, 2))}\n`;
  }

  /** Returns the lines of a log; lines of JSON lose the fields that name people. */
  log(lines: readonly string[]): string {
    return lines.map((line) => `${this.#withoutSecrets(redactUrl(lineWithoutPeople(line)))}\n`).join('');
  }

  #withoutSecrets(text: string): string {
    // as it is, and as JSON and addresses write it
    return this.#secrets.reduce((rest, secret) => {
      const forms = new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
      return [...forms].reduce((each, form) => each.replaceAll(form, hidden), rest);
    }, text);
  }
}

function lineWithoutPeople(line: string): string {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? JSON.stringify(withoutPeople(value)) : line;
  } catch {
    return line;
  }
}

function withoutPeople(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPeople);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const isHidden = personal.has(key) && (typeof inner === 'string' || key === 'by');
      return [key, isHidden && !isSettingOwner(key, inner) ? hidden : withoutPeople(inner)];
    }),
  );
}

/** `by` of a setting states flags, operator or orchestrator, never a person. */
function isSettingOwner(key: string, value: unknown): boolean {
  return key === 'by' && typeof value === 'string' && /^(flags|operator|orchestrator)$/.test(value);
}
