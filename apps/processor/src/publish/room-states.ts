import { type RoomState, roomStateSchema, type Topics } from '@vigilia/protocol';
import type { Bus, Logger } from '@vigilia/service';

interface RoomStatesOptions {
  readonly bus: Bus;
  readonly topics: Topics;
  readonly logger: Logger;
  readonly identity: { readonly bootId: string };
  /** Told of each state that another processor published. */
  onOther?(state: RoomState): void;
}

/** What travels with the rooms (`nvr/rooms/{id}`), as the broker has it: read before a room is taken. */
export class RoomStates {
  readonly #options: RoomStatesOptions;
  readonly #states = new Map<number, RoomState>();

  constructor(options: RoomStatesOptions) {
    this.#options = options;
  }

  /** Subscribes; the retained states follow before anything that is published afterwards comes back. */
  async start(): Promise<void> {
    const { bus, topics } = this.#options;
    await bus.subscribe(topics.roomAny, (message) => this.#take(message.topic, message.payload.toString()));
  }

  get(sourceId: number): RoomState | undefined {
    return this.#states.get(sourceId);
  }

  #take(topic: string, text: string): void {
    if (text === '') return;
    const parsed = roomStateSchema.safeParse(parseJson(text));
    if (parsed.success) {
      this.#states.set(parsed.data.source_id, parsed.data);
      if (parsed.data.boot_id !== this.#options.identity.bootId) this.#options.onOther?.(parsed.data);
    } else {
      this.#options.logger.warn({ event: 'room_state_unreadable', topic }, 'a retained room state was ignored');
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
