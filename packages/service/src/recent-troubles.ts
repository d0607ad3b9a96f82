import { maxTroubles, type ServiceTrouble } from '@vigilia/protocol';

/** Longest message that is kept. */
const maxMessageLength = 400;
const levels: Readonly<Record<string, ServiceTrouble['level']>> = { WARN: 'warning', ERROR: 'error', FATAL: 'error' };
/** Each line begins with its level: other lines are not parsed. */
const troubleStart = /^\{"level":"(?:WARN|ERROR|FATAL)"/;

/** Keeps the latest warning or error of each event, from the lines of the log as they are written: redacted, with bounds. */
export class RecentTroubles {
  /** By event; the one that happened last is last. */
  readonly #byEvent = new Map<string, ServiceTrouble>();

  /** Takes one line of the log. */
  take(line: string): void {
    if (!troubleStart.test(line)) return;
    const { level, timestamp, event, message, error } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const name = String(event ?? message ?? 'unknown').slice(0, 128);
    const reason = (error as { readonly message?: unknown } | undefined)?.message;
    const text = reason === undefined ? String(message) : `${message}: ${reason}`;
    const known = this.#byEvent.get(name);
    this.#byEvent.delete(name);
    this.#byEvent.set(name, {
      level: levels[String(level)] ?? 'error',
      event: name,
      message: text.slice(0, maxMessageLength),
      count: (known?.count ?? 0) + 1,
      at: String(timestamp),
    });
    for (const oldest of this.#byEvent.keys()) {
      if (this.#byEvent.size <= maxTroubles) break;
      this.#byEvent.delete(oldest);
    }
  }

  /** Newest first. */
  list(): ServiceTrouble[] {
    return [...this.#byEvent.values()].reverse();
  }
}
