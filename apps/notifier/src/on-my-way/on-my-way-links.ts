import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Clock, CorruptFileError, type Logger, readJsonFile, writeFileAtomic } from '@vigilia/service';
import { z } from 'zod';
import { type OnMyWayClaim, readOnMyWay, signOnMyWay } from './token.ts';

/** A link works for this long after its message was sent. */
const lifetimeMs = 3_600_000;

const fileSchema = z.object({
  version: z.literal(1),
  /** 32 bytes, base64url. */
  key: z.string().length(43),
  /** Messages whose link was used, with its expiry in Unix seconds. */
  used: z.array(z.tuple([z.string(), z.number()])),
});
type LinkFile = z.output<typeof fileSchema>;

export type LinkCheck =
  | { readonly state: 'valid'; readonly claim: OnMyWayClaim }
  | { readonly state: 'used' | 'expired' | 'invalid' };

export interface OnMyWayLinksOptions {
  /** State folder of the notifier. */
  readonly dir: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Makes the links "I am on my way" and remembers, also across restarts, which ones were used. */
export class OnMyWayLinks {
  readonly #options: OnMyWayLinksOptions;
  readonly #path: string;
  /** Links that are being acted on: a second request at the same time finds them used. */
  readonly #busy = new Set<string>();
  #key: Uint8Array = randomBytes(32);
  #used = new Map<string, number>();

  constructor(options: OnMyWayLinksOptions) {
    this.#options = options;
    this.#path = join(options.dir, 'on-my-way.json');
  }

  /** Reads the key and the used links; makes a key where there is none. A damaged file makes all earlier links invalid. */
  async start(): Promise<void> {
    const file = await this.#read();
    if (file !== undefined) {
      this.#key = Buffer.from(file.key, 'base64url');
      this.#used = new Map(file.used);
    } else {
      await this.#save();
    }
  }

  /** Returns the address that a recipient opens in order to acknowledge. */
  linkTo(o: { consoleUrl: string; incidentId: string; by: string; messageId: string; language: string }): string {
    const { consoleUrl, incidentId, by, messageId, language } = o;
    const expiresAt = Math.floor((this.#options.clock.now() + lifetimeMs) / 1000);
    const address = new URL('on-my-way', `${consoleUrl.replace(/\/*$/, '')}/`);
    address.searchParams.set('token', signOnMyWay(this.#key, { incidentId, by, messageId, expiresAt }));
    address.searchParams.set('lang', language);
    return address.href;
  }

  check(token: string): LinkCheck {
    const claim = readOnMyWay(this.#key, token);
    if (claim === undefined) return { state: 'invalid' };
    if (this.#used.has(claim.messageId) || this.#busy.has(claim.messageId)) return { state: 'used' };
    return claim.expiresAt * 1000 <= this.#options.clock.now() ? { state: 'expired' } : { state: 'valid', claim };
  }

  /**
   * Runs `act` for a link that was checked, and remembers it as used when that returns true.
   * @returns what `act` returned
   */
  async use({ messageId, expiresAt }: OnMyWayClaim, act: () => Promise<boolean>): Promise<boolean> {
    this.#busy.add(messageId);
    try {
      if (!(await act())) return false;
      this.#used.set(messageId, expiresAt);
      await this.#save();
      return true;
    } finally {
      this.#busy.delete(messageId);
    }
  }

  async #read(): Promise<LinkFile | undefined> {
    const value = await readJsonFile(this.#path).catch((error: unknown) => {
      if (error instanceof CorruptFileError) return null;
      throw error;
    });
    if (value === undefined) return undefined;
    const result = fileSchema.safeParse(value);
    if (result.success) return result.data;
    const event = 'on_my_way_file_damaged';
    this.#options.logger.error({ event, file: this.#path }, 'links that were sent before do not work any more');
    return undefined;
  }

  /** A full disk must not keep a person from acknowledging. */
  async #save(): Promise<void> {
    const nowS = this.#options.clock.now() / 1000;
    for (const [id, expiresAt] of this.#used) {
      if (expiresAt <= nowS) {
        this.#used.delete(id);
      }
    }
    const file: LinkFile = {
      version: 1,
      key: Buffer.from(this.#key).toString('base64url'),
      used: [...this.#used],
    };
    await writeFileAtomic(this.#path, `${JSON.stringify(file)}\n`, 0o600).catch((err: unknown) => {
      this.#options.logger.error({ event: 'on_my_way_not_saved', err }, 'used links are forgotten at a restart');
    });
  }
}
