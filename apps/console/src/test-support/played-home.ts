import { addresses, type CommandEnvelope, createTopics, type StreamStatus } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import { makeStream } from '@vigilia/simulated-site';
import { PlayedProcessor } from '@vigilia/testing';

const topics = createTopics();
const config = {
  model_id: 'movenet',
  max_fps: 0.5,
  confidence: 0.3,
  tracking: true,
  decode: 'auto',
  control: true,
} as const;

/** A home that takes and leaves rooms as commands demand, and sees each of its rooms. Everything else of it is played. */
export class PlayedHome {
  readonly name: string;
  readonly #bus: Bus;
  readonly #processor: PlayedProcessor;
  readonly #rooms: Map<number, StreamStatus>;
  #beat: ReturnType<typeof setInterval> | undefined;

  /** @param options.bus connected as this processor */
  constructor(options: { readonly bus: Bus; readonly name: string; readonly rooms: readonly number[] }) {
    this.name = options.name;
    this.#bus = options.bus;
    this.#processor = new PlayedProcessor({ bus: options.bus, instanceId: options.name });
    this.#rooms = new Map(options.rooms.map((id) => [id, streamOf(id, 0.5)]));
  }

  get rooms(): readonly number[] {
    return [...this.#rooms.keys()].sort((a, b) => a - b);
  }

  async start(): Promise<void> {
    await this.#bus.subscribe(topics.commands, (message) => this.#command(message.json() as CommandEnvelope));
    await this.#publish();
    this.#beat = setInterval(() => {
      for (const id of this.#rooms.keys()) {
        void this.#processor.detections(id, { model_id: config.model_id });
      }
    }, 500);
  }

  async stop(): Promise<void> {
    clearInterval(this.#beat);
    await this.#bus.stop();
  }

  async #command(command: CommandEnvelope): Promise<void> {
    if (addresses(command, this.name) === false) return;
    const { source_id: id, max_fps: fps = 0.5 } = (command.params ?? {}) as { source_id?: number; max_fps?: number };
    if (id !== undefined && (command.command === 'add_stream' || command.command === 'set_fps')) {
      this.#rooms.set(id, streamOf(id, fps));
    } else if (id !== undefined && command.command === 'remove_stream') {
      this.#rooms.delete(id);
    }
    await this.#publish();
    await this.#processor.answer(command);
  }

  #publish(): Promise<void> {
    return this.#processor.status({ status: 'running', config, streams: [...this.#rooms.values()] });
  }
}

function streamOf(id: number, maxFps: number): StreamStatus {
  return { ...makeStream(id, { model_id: config.model_id, max_fps: maxFps }), set_by: {} };
}
