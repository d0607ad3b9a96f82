import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutUndefined } from '@vigilia/protocol';
import { type Clock, type Logger, readJsonFile, removeAbandonedWrites, writeFileAtomic } from '@vigilia/service';
import type { ProcessorConfig } from '../config/processor-config.ts';
import { fromStored, storedStateSchema, storedStateVersion, toStored } from './stored-config.ts';

export interface StateFileOptions {
  readonly stateDir: string;
  /** The name given by flag: the file is found by it, also after a rename. */
  readonly instanceId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What the last life of this processor had accepted. */
export interface LoadedState {
  readonly config: ProcessorConfig;
  readonly instanceId: string;
}

/** Keeps the accepted configuration over restarts. A reader sees the old content or the new, never half of it. */
export class StateFile {
  readonly path: string;
  readonly #options: StateFileOptions;

  constructor(options: StateFileOptions) {
    this.#options = options;
    this.path = join(options.stateDir, `${options.instanceId}.state.json`);
  }

  /** undefined when there is none. A file that cannot be read as a state is set aside, with an error event. */
  async load(): Promise<LoadedState | undefined> {
    try {
      await removeAbandonedWrites(this.path);
      const value = await readJsonFile(this.path);
      if (value === undefined) return undefined;
      if (isTooNew(value)) return await this.#setAside('state_too_new', 'was written by a later version of Vigilia');
      const stored = storedStateSchema.parse(value);
      return { config: fromStored(stored), instanceId: stored.instance_id };
    } catch (err) {
      return await this.#setAside('state_corrupt', 'cannot be read', err);
    }
  }

  /** @throws the system's error when it cannot be written; the old content is then still there. */
  async save(config: ProcessorConfig, instanceId: string): Promise<void> {
    const stored = toStored(config, instanceId, new Date(this.#options.clock.now()).toISOString());
    // addresses may hold credentials
    await writeFileAtomic(this.path, `${JSON.stringify(stored, null, 2)}\n`, 0o600);
  }

  /** Forgets what was kept. */
  async reset(): Promise<void> {
    await rm(this.path, { force: true });
    this.#options.logger.info({ event: 'state_reset', file: this.path }, 'state forgotten');
  }

  async #setAside(event: 'state_corrupt' | 'state_too_new', why: string, err?: unknown): Promise<undefined> {
    const aside = `${this.path}.corrupt-${this.#options.clock.now()}`;
    const moved = await rename(this.path, aside).then(
      () => true,
      () => false,
    );
    const fields = withoutUndefined({
      event,
      file: this.path,
      set_aside: moved ? aside : undefined,
      err,
    });
    this.#options.logger.error(
      fields,
      `the stored state ${why}; it is kept aside, and the processor starts from its flags`,
    );
    return undefined;
  }
}

/** A processor that went back to an earlier version must not guess what a later one meant. */
function isTooNew(value: unknown): boolean {
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  return typeof version === 'number' && version > storedStateVersion;
}
