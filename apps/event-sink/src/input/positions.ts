import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asRecord } from '../schema/json-fields.ts';

/** How far something was read, by name, in one small JSON file that is replaced at each change. */
export class Positions<T> {
  readonly #path: string;
  readonly #parse: (value: unknown) => T | undefined;
  readonly #all = new Map<string, T>();
  #turn: Promise<void> = Promise.resolve();
  #waiting = false;

  /** @param parse narrows one stored value; `undefined` for one that is not usable. */
  constructor(path: string, parse: (value: unknown) => T | undefined) {
    this.#path = path;
    this.#parse = parse;
  }

  /** Reads the file; one that is missing or damaged is as if nothing had been read yet. */
  async load(): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    const text = await readFile(this.#path, 'utf8').catch(() => '{}');
    for (const [name, value] of Object.entries(parseObject(text))) {
      const position = this.#parse(value);
      if (position !== undefined) {
        this.#all.set(name, position);
      }
    }
  }

  get(name: string): T | undefined {
    return this.#all.get(name);
  }

  entries(): IterableIterator<[string, T]> {
    return this.#all.entries();
  }

  /** Resolves when it is written. */
  set(name: string, position: T): Promise<void> {
    this.#all.set(name, position);
    return this.#save();
  }

  remove(name: string): Promise<void> {
    return this.#all.delete(name) ? this.#save() : this.#turn;
  }

  /** Changes that come while one is being written are written together. */
  #save(): Promise<void> {
    if (this.#waiting) return this.#turn;
    this.#waiting = true;
    this.#turn = this.#turn.then(async () => {
      this.#waiting = false;
      await writeFile(`${this.#path}.new`, JSON.stringify(Object.fromEntries(this.#all)));
      await rename(`${this.#path}.new`, this.#path);
    });
    const result = this.#turn;
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return asRecord(JSON.parse(text)) ?? {};
  } catch {
    return {};
  }
}
