import { channels, type RoomState } from '@vigilia/protocol';
import type { ChannelBus } from '@vigilia/service';

interface RoomStatesOptions {
  readonly bus: ChannelBus;
  readonly identity: { readonly bootId: string };
  /** Called with each state that another processor published. */
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
    const { bus } = this.#options;
    await bus.subscribe(channels.room, ({ value }) => {
      if (value !== undefined) {
        this.#take(value);
      }
    });
  }

  get(sourceId: number): RoomState | undefined {
    return this.#states.get(sourceId);
  }

  #take(state: RoomState): void {
    this.#states.set(state.source_id, state);
    if (state.boot_id !== this.#options.identity.bootId) {
      this.#options.onOther?.(state);
    }
  }
}
