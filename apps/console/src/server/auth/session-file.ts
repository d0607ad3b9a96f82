import { type Logger, readJsonFile, writeFileAtomic } from '@vigilia/service';
import { z } from 'zod';

const sessionSchema = z.object({
  id_hash: z.string(),
  /** Absent where sign-in is off. */
  user: z.string().optional(),
  credential: z.string(),
  /** Epoch ms; absent for sessions that do not end. */
  ends_at: z.number().optional(),
  /** Epoch ms; absent for sessions of versions that did not record it. */
  opened_at: z.number().optional(),
  /** Browser and system, such as `Chrome, Android`. */
  device: z.string().max(64).optional(),
  /** The session at the OpenID Connect provider. */
  provider_sid: z.string().max(255).optional(),
});
const fileSchema = z.object({ sessions: z.array(sessionSchema) });

/** A session as it is kept: the hash of its id, never the id. */
export interface StoredSession {
  readonly id_hash: string;
  readonly user: string | undefined;
  readonly credential: string;
  readonly ends_at: number | undefined;
  readonly opened_at: number | undefined;
  readonly device: string | undefined;
  readonly provider_sid: string | undefined;
}

/** Returns the sessions of a file. @throws z.ZodError where it is not valid */
export function parseSessions(content: unknown): readonly StoredSession[] {
  return fileSchema.parse(content).sessions.map((kept) => ({
    id_hash: kept.id_hash,
    user: kept.user,
    credential: kept.credential,
    ends_at: kept.ends_at,
    opened_at: kept.opened_at,
    device: kept.device,
    provider_sid: kept.provider_sid,
  }));
}

/** Keeps sessions in a file that only its owner can read. A file that cannot be read or written never stops the console. */
export class SessionFile {
  readonly #path: string;
  readonly #logger: Logger;
  #writing: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
  }

  /** Returns nothing where there is no file or it is not valid: people then sign in again. */
  async load(): Promise<readonly StoredSession[]> {
    try {
      const content = await readJsonFile(this.#path);
      if (content === undefined) return [];
      return parseSessions(content);
    } catch {
      this.#logger.warn({ event: 'sessions_unreadable', path: this.#path }, 'sessions cannot be read; all have ended');
      return [];
    }
  }

  /** Writes one state after the other; resolves once this one, or a later one, is on disk or could not be written. */
  save(sessions: readonly StoredSession[]): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write(sessions));
    return this.#writing;
  }

  async #write(sessions: readonly StoredSession[]): Promise<void> {
    try {
      await writeFileAtomic(this.#path, `${JSON.stringify({ sessions })}\n`, 0o600);
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) {
        const code = (error as { code?: unknown }).code;
        this.#logger.warn(
          { event: 'sessions_not_kept', path: this.#path, code },
          'sessions cannot be written; a restart ends them',
        );
      }
      this.#failed = true;
    }
  }
}
