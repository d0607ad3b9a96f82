import { types } from 'node:util';
import { withoutUndefined } from '@vigilia/protocol';
import { stars } from './marked-text.ts';
import { isSecretKey } from './secret-key.ts';

/** Deeper than any message of Vigilia, and far from the end of the stack. */
const deepest = 64;

export interface DeepRedactorOptions {
  /** Renders one text. */
  readonly redactText: (text: string) => string;
  /** Whether errors keep their stack. */
  readonly withStack?: boolean;
}

/** Copies a value without its secrets. Every object is copied once, however often it is met. */
export class DeepRedactor {
  readonly #options: DeepRedactorOptions;
  readonly #copies = new Map<object, unknown>();
  #changed = false;
  #cut = false;

  constructor(options: DeepRedactorOptions) {
    this.#options = options;
  }

  /** Whether something was hidden. */
  get changed(): boolean {
    return this.#changed;
  }

  /** Whether something was left out because it was nested too deeply. */
  get cut(): boolean {
    return this.#cut;
  }

  redact(value: unknown, depth = 0): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof URL) return this.#text(value.href);
    const error = isError(value);
    if (!error && !Array.isArray(value) && !isPlainObject(value)) return value;
    if (this.#copies.has(value)) return this.#copies.get(value);
    if (depth >= deepest) {
      this.#cut = true;
      return '[Too deep]';
    }
    this.#copies.set(value, '[Circular]');
    const copy = Array.isArray(value)
      ? value.map((item) => this.redact(item, depth + 1))
      : this.#object(error ? errorFields(value, this.#options.withStack === true) : value, depth);
    this.#copies.set(value, copy);
    return copy;
  }

  #object(value: object, depth: number): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        this.#text(key),
        isSecretKey(key) && holdsSecret(item) ? this.#hidden() : this.redact(item, depth + 1),
      ]),
    );
  }

  #text(text: string): string {
    const shown = this.#options.redactText(text);
    if (shown !== text) {
      this.#changed = true;
    }
    return shown;
  }

  #hidden(): string {
    this.#changed = true;
    return stars;
  }
}

/** Yes or no, nothing and an empty text give nothing away. */
function holdsSecret(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== stars && typeof value !== 'boolean';
}

/** What of an error is shown: neither its name nor what libraries hang on it, such as the address that they could not read. */
function errorFields(error: Error & { code?: unknown }, withStack: boolean): Record<string, unknown> {
  return withoutUndefined({
    message: error.message,
    code: error.code,
    cause: isError(error.cause) ? error.cause : undefined,
    errors: error instanceof AggregateError ? error.errors : undefined,
    stack: withStack ? error.stack : undefined,
  });
}

export function isError(value: unknown): value is Error & { code?: unknown } {
  return value instanceof Error || types.isNativeError(value);
}

function isPlainObject(value: object): boolean {
  // by tag, not by prototype: objects of another realm (Jest's vm) are plain too
  return Object.prototype.toString.call(value) === '[object Object]';
}
