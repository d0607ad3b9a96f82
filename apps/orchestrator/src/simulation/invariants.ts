import type { Action } from '../plan/action.ts';
import type { SimWorld } from './sim-world.ts';
import type { Wishes } from './wishes.ts';

/** What a nursing home may rely on, checked while a world runs. The first violation ends it. */
export class Violation extends Error {}

/** While a processor is there that could monitor it, a room is monitored or being given to a processor within this time. */
const assignedMs = 10_000;
/** … and watched within this: the time that an `add_stream` takes behind other commands comes on top. */
const nobodyMs = 18_000;
/** The world is looked at this often. */
const sampleMs = 1000;
const outlivesMs = 60_000;

export class Invariants {
  readonly #world: SimWorld;
  readonly #nobodySince = new Map<number, number>();
  readonly #leftSince = new Map<number, number>();
  readonly #closedSince = new Map<string, number>();
  /** Rooms that people removed: it is not promised that they are monitored. */
  readonly removed = new Set<number>();

  constructor(world: SimWorld) {
    this.#world = world;
  }

  /** Before each action of the orchestrator. */
  action(action: Action): void {
    if (action.kind === 'stop') {
      this.#stopsNothingValid(action.instanceId);
    }
  }

  /** Once per simulated second. */
  sample(): void {
    if (!this.#world.orchestrator.acting) {
      this.#nobodySince.clear();
      this.#leftSince.clear();
      this.#closedSince.clear();
      return;
    }
    this.#everyRoomHasSomebody();
    this.#oneDedicatedAnIncident();
    this.#nothingOutlivesItsIncident();
  }

  #everyRoomHasSomebody(): void {
    const { homes, broker } = this.#world;
    const someone = this.#world.someoneCould();
    // what is late on the way is not a fault of the plan
    const lateMs = 3 * broker.lateMs + sampleMs;
    for (const sourceId of Object.values(homes).flat()) {
      const fine = this.#world.watchers(sourceId).length > 0 || !someone || this.removed.has(sourceId);
      // a watcher that came and went between two looks was one
      const { takenAtMs } = this.#world.house.room(sourceId);
      const alone = this.#lasts(this.#nobodySince, sourceId, !fine, takenAtMs);
      if (alone > nobodyMs + lateMs) throw new Violation(`room ${sourceId} has had no watcher for ${alone} ms`);
      const left = this.#lasts(this.#leftSince, sourceId, !fine && !this.#isBeingAssigned(sourceId), takenAtMs);
      if (left > assignedMs + lateMs)
        throw new Violation(
          `room ${sourceId} has had no watcher for ${left} ms, and no processor is being asked to take it`,
        );
    }
  }

  #isBeingAssigned(sourceId: number): boolean {
    const { progress } = this.#world.orchestrator;
    return [...progress.pending].some((key) => key.startsWith('add:') && key.endsWith(`:${sourceId}`));
  }

  /** How long something has been so without a break, and since `notBeforeMs` at the longest, ms. */
  #lasts<K>(since: Map<K, number>, key: K, holds: boolean, notBeforeMs = 0): number {
    const { monoMs } = this.#world.time;
    if (!holds) {
      since.delete(key);
    } else {
      since.set(key, Math.max(since.get(key) ?? monoMs, notBeforeMs));
    }
    return monoMs - (since.get(key) ?? monoMs);
  }

  #oneDedicatedAnIncident(): void {
    const seen = new Map<string, string>();
    for (const { spec, alive } of this.#world.runtime.instances) {
      if (!alive || spec.incidentId === undefined) continue;
      const other = seen.get(spec.incidentId);
      if (other !== undefined) throw new Violation(`incident ${spec.incidentId} has ${other} and ${spec.instanceId}`);
      seen.set(spec.incidentId, spec.instanceId);
    }
  }

  #nothingOutlivesItsIncident(): void {
    const { runtime } = this.#world;
    const incidents = this.#world.orchestrator.store.incidents.all;
    for (const { spec, alive } of runtime.instances) {
      const incident = spec.incidentId === undefined ? undefined : incidents.get(spec.incidentId)?.incident;
      const used = [...incidents.values()].some(
        ({ incident: other }) => other.state !== 'closed' && other.dedicated === spec.instanceId,
      );
      if (!alive || !runtime.works || incident?.state !== 'closed' || used || this.#isLastWatcher(spec.instanceId)) {
        this.#closedSince.delete(spec.instanceId);
        continue;
      }
      if (this.#lasts(this.#closedSince, spec.instanceId, true) > outlivesMs)
        throw new Violation(`${spec.instanceId} outlives its incident`);
    }
  }

  #isLastWatcher(instanceId: string): boolean {
    const rooms = [...(this.#world.processors.get(instanceId)?.streams.keys() ?? [])];
    return rooms.some((sourceId) => this.#world.watchers(sourceId).every((one) => one === instanceId));
  }

  #stopsNothingValid(instanceId: string): void {
    const { store } = this.#world.orchestrator;
    const processor = this.#world.processors.get(instanceId);
    if (processor?.alive !== true) return;
    if (!this.#world.broker.isOnline(instanceId)) return;
    for (const { incident } of store.incidents.all.values()) {
      const { source_id: sourceId, state, released } = incident;
      const uses = incident.dedicated === instanceId && released !== true && state !== 'closing' && state !== 'closed';
      if (!uses || !processor.streams.has(sourceId) || !this.#world.house.room(sourceId).camera) continue;
      if (processor.hangs || !store.facts().desired?.has(sourceId)) continue;
      throw new Violation(`${instanceId} is stopped in the middle of ${incident.incident_id}`);
    }
  }
}

/** At the end of a healed and quiet world. @param removed rooms of which nothing is promised */
export function checkRest(world: SimWorld, wishes: Wishes, removed: ReadonlySet<number>): void {
  for (const sourceId of wishes.gone) {
    const watchers = world.watchers(sourceId).join();
    if (watchers !== '') throw new Violation(`at rest room ${sourceId}, which was removed, is watched by ${watchers}`);
  }
  for (const [home, rooms] of Object.entries(world.homes)) {
    for (const sourceId of rooms) {
      if (removed.has(sourceId)) continue;
      const watchers = world.watchers(sourceId).join();
      if (watchers !== home)
        throw new Violation(`at rest room ${sourceId} is watched by "${watchers}", not by ${home}`);
      checkSettings(world, home, sourceId, wishes);
    }
  }
  const open = world.incidents().filter((incident) => incident.state !== 'closed');
  if (open.length > 0) throw new Violation(`at rest ${open.map((one) => `${one.incident_id} is ${one.state}`).join()}`);
  const left = world.runtime.instances.filter(({ spec }) => spec.incidentId !== undefined);
  if (left.length > 0) throw new Violation(`at rest ${world.dedicated().join()} still exists`);
  const warm = world.runtime.instances.length - left.length;
  if (warm !== world.policy.standby) throw new Violation(`at rest there are ${warm} standbys`);
  const overrides = world.incidents().flatMap((incident) => incident.overrides);
  if (overrides.length > 0) throw new Violation(`at rest overrides are left: ${JSON.stringify(overrides)}`);
}

/** Every setting is as an operator set it last, or else as in the beginning: no incident leaves anything behind. */
function checkSettings(world: SimWorld, home: string, sourceId: number, wishes: Wishes): void {
  const { maxFps, modelId } = world.processors.get(home)?.streams.get(sourceId) ?? {};
  const desired = world.orchestrator.store.facts().desired?.get(sourceId);
  const { max_fps, model_id } = world.policy.quiet;
  for (const [setting, value, untouched] of [
    ['max_fps', maxFps, max_fps],
    ['model_id', modelId, model_id ?? ''],
  ] as const) {
    const wanted = wishes.expected(sourceId, setting, untouched) ?? desired?.[setting];
    if (value !== wanted) throw new Violation(`at rest room ${sourceId} has the ${setting} ${value}, not ${wanted}`);
  }
}
