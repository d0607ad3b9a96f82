import { type CommandEnvelope, createTopics, type SetBy } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import { makePerson, makeRoomMetrics, makeStream } from '@vigilia/simulated-site';
import { connectBus, PlayedProcessor } from '@vigilia/testing';

const topics = createTopics();
const restFps = 0.1;
const metricsMs = 10_000;

export interface Home {
  readonly instanceId: string;
  readonly rooms: readonly number[];
}

/** So many rooms, divided evenly among so many homes. */
export function homesOf(rooms: number, homes: number): Home[] {
  const perHome = Math.ceil(rooms / homes);
  return Array.from({ length: homes }, (_, index) => ({
    instanceId: `home-${index + 1}`,
    rooms: Array.from({ length: Math.min(perHome, rooms - index * perHome) }, (_, n) => index * perHome + n),
  }));
}

/** A home without cameras: it publishes what a real one does at 0.1 frames per second per room, and obeys changes of the rate. */
export class SimulatedHome {
  readonly #bus: Bus;
  readonly #home: Home;
  readonly #played: PlayedProcessor;
  readonly #setBy: SetBy;
  readonly #rates = new Map<number, number>();
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(bus: Bus, home: Home) {
    this.#bus = bus;
    this.#home = home;
    const owner = { by: 'flags', at: new Date().toISOString() } as const;
    this.#setBy = { stream: owner, max_fps: owner, model_id: owner };
    this.#played = new PlayedProcessor({ bus, instanceId: home.instanceId });
  }

  /** @param url listener at which any client may publish as any processor */
  static async start(url: string, home: Home): Promise<SimulatedHome> {
    const own = new SimulatedHome(await connectBus(url, home.instanceId), home);
    await own.#begin();
    return own;
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) {
      clearInterval(timer);
    }
    await this.#bus.stop();
  }

  async #begin(): Promise<void> {
    await this.#bus.subscribe(topics.commands, (message) => this.#obey(message.json() as CommandEnvelope));
    await this.#status();
    for (const [index, room] of this.#home.rooms.entries()) {
      await this.#played.room(room, {});
      // rooms take turns, as those of a real home do
      const share = index / this.#home.rooms.length;
      setTimeout(() => this.#every(1000 / restFps, () => this.#analysed(room)), share * (1000 / restFps));
    }
    this.#every(metricsMs, () => {
      const rooms = this.#home.rooms.map((room) => makeRoomMetrics(room));
      return this.#played.metrics({ rooms, uptime_seconds: 600 });
    });
  }

  #every(ms: number, work: () => Promise<void>): void {
    this.#timers.push(setInterval(() => void work().catch(() => {}), ms));
  }

  #analysed(room: number): Promise<void> {
    const fps = this.#rates.get(room) ?? restFps;
    return this.#played.detections(room, { fps, detections: room % 3 === 0 ? [makePerson()] : [] });
  }

  async #status(): Promise<void> {
    const streams = this.#home.rooms.map((room) =>
      makeStream(room, { max_fps: this.#rates.get(room) ?? restFps, set_by: this.#setBy }),
    );
    await this.#played.status({ streams, uptime_seconds: 600 });
  }

  async #obey(command: CommandEnvelope): Promise<void> {
    const targets = command.target_instances ?? ['*'];
    if (!targets.includes(this.#home.instanceId) && !targets.includes('*')) return;
    const params: { source_id?: number; max_fps?: number } = command.params ?? {};
    if (command.command === 'set_fps' && params.max_fps !== undefined) {
      for (const room of params.source_id === undefined ? this.#home.rooms : [params.source_id]) {
        this.#rates.set(room, params.max_fps);
      }
      await this.#status();
    }
    await this.#played.answer(command);
  }
}
