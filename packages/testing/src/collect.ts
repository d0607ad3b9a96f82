import { type Bus, type BusMessage, within } from '@vigilia/service';

/** A message and its parsed body (`undefined` for an empty or malformed one). */
export interface Collected extends BusMessage {
  body: Record<string, unknown> | undefined;
}

export interface Collector {
  /** Everything that came so far. */
  readonly messages: readonly Collected[];
  /**
   * The first message that fits, among those that came after the last one given out; waits for it.
   *
   * @throws Error with what came instead when `timeoutMs` (40 s) is over
   */
  next(predicate?: (message: Collected) => boolean, timeoutMs?: number): Promise<Collected>;
}

/** Subscribes and keeps what comes. Resolves when the broker granted the subscription. */
export async function collect(bus: Bus, filter: string): Promise<Collector> {
  const messages: Collected[] = [];
  const waiting = new Set<() => void>();
  let given = 0;
  await bus.subscribe(filter, (message) => {
    messages.push({ ...message, body: parse(message) });
    for (const look of [...waiting]) {
      look();
    }
  });
  const take = (predicate: (message: Collected) => boolean): Collected | undefined => {
    const index = messages.findIndex((message, at) => at >= given && predicate(message));
    if (index < 0) {
      return undefined;
    }
    given = index + 1;
    return messages[index];
  };
  const noneWithin = (timeoutMs: number): Error => {
    const last = messages.slice(-5).map((one) => `${one.topic} ${one.payload.toString('utf8').slice(0, 300)}`);
    return new Error(`no fitting message on ${filter} within ${timeoutMs} ms; last: ${last.join(' | ') || 'none'}`);
  };
  const next = async (
    predicate: (message: Collected) => boolean = () => true,
    timeoutMs = 40_000,
  ): Promise<Collected> => {
    using limit = within(timeoutMs, undefined, { error: () => noneWithin(timeoutMs) });
    let look = (): void => undefined;
    const found = new Promise<Collected>((resolve) => {
      look = () => {
        const message = take(predicate);
        if (message === undefined) return;
        waiting.delete(look);
        resolve(message);
      };
    });
    waiting.add(look);
    look();
    try {
      return await limit.race(found);
    } finally {
      waiting.delete(look);
    }
  };
  return { messages, next };
}

function parse(message: BusMessage): Record<string, unknown> | undefined {
  try {
    return message.json() as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
