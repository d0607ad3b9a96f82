import type { FollowedSetting, SettingOwner } from '@vigilia/protocol';
import { createTopics, type DesiredRooms } from '@vigilia/protocol';
import type { OperatorAct } from '@vigilia/simulated-site';
import { Violation } from './invariants.ts';
import type { SimWorld } from './sim-world.ts';

type Setting = Extract<FollowedSetting, 'max_fps' | 'model_id'>;

/** What an operator set of a room at its home. */
interface Wish {
  readonly room: number;
  readonly setting: Setting;
  readonly value: number | string;
  readonly owner: SettingOwner;
  /** Incidents that have been open ever since. */
  readonly during: Set<string>;
  /** Since when the home has not done it although it could, monotonic ms. */
  deniedSinceMs: number | undefined;
}

const settingOf: Readonly<Record<string, Setting>> = { set_fps: 'max_fps', change_model: 'model_id' };
const roomsTopic = createTopics().orchestratorRooms;
/** A home that was restarted has to be given its rooms and their settings again, behind other commands. */
const restoredWithinMs = 20_000;

/**
 * What operators set at the homes, as the homes took it, with or without an orchestrator to hear of it. It must stand while no
 * other incident has begun since, and at the end, unless everything that remembered it was lost.
 */
export class Wishes {
  /** Rooms that were removed, and that no processor may monitor. */
  readonly gone = new Set<number>();
  readonly #wishes = new Map<string, Wish>();
  readonly #lost = new Set<string>();
  readonly #world: SimWorld;

  constructor(world: SimWorld) {
    this.#world = world;
    world.onOperator = (act) => this.#taken(act);
  }

  /** What a room must have at the end; undefined: all that remembered it was lost, so nothing is promised. */
  expected(room: number, setting: Setting, untouched: number | string): number | string | undefined {
    const key = `${room} ${setting}`;
    return this.#lost.has(key) ? undefined : (this.#wishes.get(key)?.value ?? untouched);
  }

  remove(home: string, room: number): void {
    const { processors, orchestrator } = this.#world;
    // while the room is on its way to another processor, the orchestrator may have asked the home to let go of it first
    const rests = this.#world.incidents().every((one) => one.source_id !== room || one.state === 'closed');
    // one that took it while the home was offline may still have it
    const others = Object.keys(this.#world.homes).every((one) => processors.get(one)?.obeys === true);
    const given = [...orchestrator.progress.pending].some((key) => key.startsWith('add:') && key.endsWith(`:${room}`));
    const had = rests && others && !given && this.#world.watchers(room).join() === home;
    this.#world.operate('remove_stream', { source_id: room }, home);
    this.#world.run(1500);
    this.gone.delete(room);
    const processor = processors.get(home);
    if (had && processor?.alive === true && !processor.streams.has(room)) {
      this.gone.add(room);
    }
  }

  add(room: number): void {
    this.gone.delete(room);
    this.#world.operate('add_stream', { source_id: room });
  }

  /** A home that is started again comes with the rooms of its flags, unless it keeps what it was set to. */
  homeDies(): void {
    if (!this.#world.containers) {
      this.gone.clear();
    }
  }

  brokerDies(): void {
    this.gone.clear();
  }

  /** Once per simulated second, and after everything that breaks. @throws Violation */
  sample(): void {
    const open = this.#world.incidents().filter(({ state }) => state !== 'closing' && state !== 'closed');
    const ids = new Set(open.map((incident) => incident.incident_id));
    for (const [key, wish] of this.#wishes) {
      for (const id of wish.during) {
        if (!ids.has(id)) {
          wish.during.delete(id);
        }
      }
      if (!this.#isRemembered(wish)) {
        this.#wishes.delete(key);
        this.#lost.add(key);
      } else {
        this.#stands(wish, ids);
      }
    }
  }

  #taken({ instanceId, command, rooms, owner }: OperatorAct): void {
    const setting = settingOf[command];
    if (setting === undefined) return;
    const open = this.#world.incidents().filter(({ state }) => state !== 'closing' && state !== 'closed');
    for (const room of rooms) {
      const stream = this.#world.processors.get(instanceId)?.streams.get(room);
      if (stream === undefined || !this.#world.homes[instanceId]?.includes(room)) continue;
      const value = setting === 'max_fps' ? stream.maxFps : stream.modelId;
      const during = new Set(open.map((incident) => incident.incident_id));
      const key = `${room} ${setting}`;
      this.#wishes.set(key, { room, setting, value, owner, during, deniedSinceMs: undefined });
      this.#lost.delete(key);
    }
  }

  #homeOf(room: number): string {
    return Object.entries(this.#world.homes).find(([, rooms]) => rooms.includes(room))?.[0] ?? '';
  }

  /** The broker, the orchestrator, the home or its state folder has it. */
  #isRemembered({ room, setting, owner }: Wish): boolean {
    const { broker, orchestrator, processors, containers } = this.#world;
    const retained = broker.retained.get(roomsTopic) as DesiredRooms | undefined;
    const known = orchestrator.alive ? orchestrator.store.facts().desired?.get(room) : undefined;
    const home = processors.get(this.#homeOf(room));
    const stated = home?.alive === true || containers ? home?.kept?.streams.get(room)?.setBy[setting] : undefined;
    return [retained?.rooms[String(room)]?.followed?.[setting], known?.followed?.[setting], stated].some(
      (one) => one?.command_id === owner.command_id,
    );
  }

  #stands(wish: Wish, open: ReadonlySet<string>): void {
    const { orchestrator, processors, time, broker } = this.#world;
    const { room, setting, value, during } = wish;
    const home = processors.get(this.#homeOf(room));
    const stream = home?.streams.get(room);
    const isOtherIncident = [...open].some((id) => !during.has(id));
    const current = setting === 'max_fps' ? stream?.maxFps : stream?.modelId;
    if (current === value && stream?.setBy[setting]?.by === 'policy')
      throw new Violation(
        `room ${room} states the policy as the owner of ${setting}, which an operator set to ${value}`,
      );
    const denied = stream !== undefined && home?.obeys === true && orchestrator.acting && current !== value;
    if (!denied || isOtherIncident) {
      wish.deniedSinceMs = undefined;
      return;
    }
    wish.deniedSinceMs ??= time.monoMs;
    const forMs = time.monoMs - wish.deniedSinceMs;
    if (forMs > restoredWithinMs + 5 * broker.lateMs)
      throw new Violation(
        `room ${room} has had ${setting} ${current} for ${forMs} ms, not ${value} as an operator set it`,
      );
  }
}
