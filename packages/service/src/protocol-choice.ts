import type { MqttProtocol } from './bus.ts';

/** CONNACK codes for "unacceptable protocol version": MQTT 3.1.1 and MQTT 5. */
const VERSION_REFUSED: readonly (number | undefined)[] = [1, 0x84];

/** What went wrong with an attempt to connect. */
export interface FailedAttempt {
  readonly refusedCode: number | undefined;
  /** The broker ended the connection, or was silent, instead of answering CONNECT. */
  readonly unanswered: boolean;
}

/**
 * Which version of MQTT to speak: 5, or 3.1.1 to a broker that refuses 5 or ends such a connection without an answer. The
 * version that worked is tried first from then on.
 */
export class ProtocolChoice {
  readonly #wanted: MqttProtocol;
  #current: 4 | 5;

  constructor(wanted: MqttProtocol) {
    this.#wanted = wanted;
    this.#current = wanted === '3.1.1' ? 4 : 5;
  }

  /** Of the last success, else of the next attempt. */
  get current(): 4 | 5 {
    return this.#current;
  }

  /** Returns the version with which to try again at once; `undefined` when another version would not help. */
  after(failed: FailedAttempt): 4 | 5 | undefined {
    const versionMatters = failed.unanswered || VERSION_REFUSED.includes(failed.refusedCode);
    return this.#wanted === 'auto' && versionMatters ? (this.#current === 5 ? 4 : 5) : undefined;
  }

  worked(version: 4 | 5): void {
    this.#current = version;
  }
}
