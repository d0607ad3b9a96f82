import { type Picture, parseCommand, pictureSchema, type Topics } from '@vigilia/protocol';
import type { Bus, Clock } from '@vigilia/service';
import type { CommandGateway } from './command-gateway.ts';
import { RequestError } from './request-error.ts';

export interface PicturesOptions {
  readonly bus: Bus;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly gateway: CommandGateway;
}

export interface WantedPicture {
  readonly sourceId: number;
  /** The processor that watches the room. */
  readonly watcher: string;
  readonly reveal: boolean;
  /** Who asks. */
  readonly by: string;
}

const answerMs = 8000;
/** A picture is on its way before the answer to its command, but nothing promises the order. */
const lateMs = 2000;

/** Asks processors for pictures of rooms. None is kept: the last one of a room is held until it is handed over. */
export class Pictures {
  readonly #options: PicturesOptions;
  readonly #arrived = new Map<string, Picture>();
  /** Requests that wait; without one nothing is taken. */
  #open = 0;

  constructor(options: PicturesOptions) {
    this.#options = options;
  }

  /** Call it before the bus is started. A broker that does not let us read pictures keeps nothing else from working. */
  start(): void {
    const { bus, topics } = this.#options;
    const take = (body: unknown): void => {
      const picture = pictureSchema.safeParse(body);
      if (picture.success && this.#open > 0) this.#arrived.set(picture.data.command_id, picture.data);
    };
    bus.subscribe(topics.pictureAny, (message) => take(message.json()), { qos: 0 }).catch(() => undefined);
  }

  /** @throws RequestError with the processor's code (409), or `no_picture` (504) */
  async ask({ sourceId, watcher, reveal, by }: WantedPicture): Promise<Picture> {
    const { gateway } = this.#options;
    const command = parseCommand('snapshot', { source_id: sourceId, reveal, by });
    this.#open += 1;
    try {
      const sent = await gateway.toProcessors({ command, targets: [watcher], expected: 1, by, waitMs: answerMs });
      const refusal = sent.answers.find(({ ack_status }) => ack_status === 'error');
      if (refusal !== undefined) {
        throw new RequestError(409, refusal.error?.code ?? 'error', refusal.message ?? 'The processor refused.');
      }
      const picture = await this.#take(sent.commandId);
      if (picture === undefined) throw new RequestError(504, 'no_picture', 'The processor sent no picture.');
      return picture;
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#arrived.clear();
    }
  }

  async #take(commandId: string): Promise<Picture | undefined> {
    const { clock } = this.#options;
    const endMs = clock.monotonic() + lateMs;
    while (!this.#arrived.has(commandId) && clock.monotonic() < endMs) await clock.sleep(50);
    return this.#arrived.get(commandId);
  }
}
