import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type ActivePushSubscription, activePushSubscriptionSchema } from '@vigilia/protocol';
import { CorruptFileError, type Logger, readJsonFile, writeFileAtomic } from '@vigilia/service';
import { z } from 'zod';

const fileSchema = z.object({ subscriptions: z.array(activePushSubscriptionSchema) });

/** The devices in a file of the notifier, readable by its owner only. */
export class SubscriptionFile {
  readonly #path: string;
  readonly #logger: Logger;
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string, logger: Logger) {
    this.#path = join(folder, 'web-push-subscriptions.json');
    this.#logger = logger;
  }

  /** Returns what was saved last. A damaged file is set aside: the broker retains the devices as well. */
  async load(): Promise<readonly ActivePushSubscription[]> {
    try {
      const value = await readJsonFile(this.#path);
      if (value === undefined) return [];
      const parsed = fileSchema.safeParse(value);
      if (parsed.success) return parsed.data.subscriptions;
    } catch (error) {
      if (!(error instanceof CorruptFileError)) throw error;
    }
    await rename(this.#path, `${this.#path}.damaged`);
    this.#logger.error(
      { event: 'push_subscriptions_damaged', set_aside: `${this.#path}.damaged` },
      'the file of Web Push devices is damaged; the devices are taken from the broker',
    );
    return [];
  }

  /** Resolves when these devices are on disk, or could not be written: the broker retains them as well. */
  save(subscriptions: readonly ActivePushSubscription[]): Promise<void> {
    const text = `${JSON.stringify({ subscriptions })}\n`;
    this.#writing = this.#writing
      .then(() => writeFileAtomic(this.#path, text, 0o600))
      .catch((err: unknown) => {
        this.#logger.error(
          { event: 'push_subscriptions_not_saved', err },
          'the Web Push devices could not be saved; only the broker keeps them now',
        );
      });
    return this.#writing;
  }
}
