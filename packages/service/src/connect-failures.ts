import type { Clock } from './clock.ts';
import { ConnectError } from './connection.ts';
import type { Logger } from './logger.ts';
import { redactUrl } from './redact.ts';

const REMIND_MS = 5 * 60_000;
/** CONNACK codes that mean bad credentials or no permission: MQTT 3.1.1 4 and 5, MQTT 5 0x86 and 0x87. */
const NOT_AUTHORIZED: readonly (number | undefined)[] = [4, 5, 0x86, 0x87];

/** Logs once that the broker cannot be reached, again when the cause changes, and every five minutes: not at every attempt. */
export class ConnectFailures {
  readonly #logger: Logger;
  readonly #clock: Clock;
  #attempts = 0;
  #cause: string | undefined;
  #saidAt = 0;

  constructor(options: { logger: Logger; clock: Clock }) {
    this.#logger = options.logger;
    this.#clock = options.clock;
  }

  /** Failed attempts since the last connection. */
  get attempts(): number {
    return this.#attempts;
  }

  failed(error: unknown, url: string): void {
    this.#attempts += 1;
    const cause = error instanceof Error ? error.message : String(error);
    const now = this.#clock.monotonic();
    if (cause === this.#cause && now - this.#saidAt < REMIND_MS) {
      return;
    }
    this.#cause = cause;
    this.#saidAt = now;
    const refused = error instanceof ConnectError && NOT_AUTHORIZED.includes(error.refusedCode);
    const fields = { url: redactUrl(url), cause, attempts: this.#attempts };
    if (refused) {
      this.#logger.error({ event: 'mqtt_refused', ...fields }, 'the broker rejected the credentials; retrying');
    } else {
      this.#logger.warn({ event: 'mqtt_unreachable', ...fields }, 'the broker cannot be reached; retrying');
    }
  }

  connected(): void {
    this.#attempts = 0;
    this.#cause = undefined;
  }
}
