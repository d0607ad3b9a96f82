import type { Action } from '../plan/action.ts';
import type { SimWorld } from './sim-world.ts';

/** What a nursing home may rely on, checked while a world runs. The first violation ends it. */
export class Violation extends Error {}

/** A room may be without anybody at most this long while there is somebody who could watch it: 6 s until the broker gives a
 * dead processor up, 2 s of patience, and the time an `add_stream` takes behind other commands. */
const nobodyMs = 18_000;
const outlivesMs = 60_000;

export class Invariants {
  readonly #world: SimWorld;
  readonly #nobodySince = new Map<number, number>();
  readonly #closedSince = new Map<string, number>();
  #actingSince: number | undefined;
  /** Rooms that people removed: whether they are watched is nobody's promise. */
  readonly removed = new Set<number>();

  constructor(world: SimWorld) {
    this.#world = world;
  }

  /** Before each action of the orchestrator. */
  action(action: Action): void {
    if (action.kind === 'stop') this.#stopsNothingValid(action.instanceId);
  }

  /** Once per simulated second. */
  sample(): void {
    const { orchestrator, time } = this.#world;
    if (!orchestrator.acting) {
      this.#actingSince = undefined;
      this.#nobodySince.clear();
      this.#closedSince.clear();
      return;
    }
    this.#actingSince ??= time.monoMs;
    this.#everyRoomHasSomebody();
    this.#oneDedicatedAnIncident();
    this.#nothingOutlivesItsIncident();
  }

  #everyRoomHasSomebody(): void {
    const { homes, processors, time } = this.#world;
    const someoneCould = [...processors.values()].some((one) => one.alive && one.role === 'home');
    for (const sourceId of Object.values(homes).flat()) {
      const watched = this.#world.watchers(sourceId).length > 0;
      if (watched || !someoneCould || this.removed.has(sourceId)) {
        this.#nobodySince.delete(sourceId);
        continue;
      }
      const since = this.#nobodySince.get(sourceId) ?? time.monoMs;
      this.#nobodySince.set(sourceId, since);
      if (time.monoMs - since > nobodyMs)
        throw new Violation(`room ${sourceId} has had no watcher for ${time.monoMs - since} ms`);
    }
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
    const { runtime, time } = this.#world;
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
      const since = this.#closedSince.get(spec.instanceId) ?? time.monoMs;
      this.#closedSince.set(spec.instanceId, since);
      if (time.monoMs - since > outlivesMs) throw new Violation(`${spec.instanceId} outlives its incident`);
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
    const user = [...store.incidents.all.values()].find(
      ({ incident }) =>
        incident.dedicated === instanceId &&
        incident.state !== 'closing' &&
        incident.state !== 'closed' &&
        incident.released !== true,
    );
    const sourceId = user?.incident.source_id;
    if (sourceId === undefined || !processor.streams.has(sourceId) || !this.#world.house.room(sourceId).camera) return;
    if (!this.#world.broker.isOnline(instanceId) || !store.facts().desired?.has(sourceId)) return;
    throw new Violation(`${instanceId} is stopped in the middle of ${user?.incident.incident_id}`);
  }
}

/** At the end of a healed and quiet world. */
export function checkRest(
  world: SimWorld,
  expected: { removed: ReadonlySet<number>; fps: ReadonlyMap<number, number> },
): void {
  for (const [home, rooms] of Object.entries(world.homes)) {
    for (const sourceId of rooms) {
      if (expected.removed.has(sourceId)) continue;
      const watchers = world.watchers(sourceId).join();
      if (watchers !== home)
        throw new Violation(`at rest room ${sourceId} is watched by "${watchers}", not by ${home}`);
      const fps = world.processors.get(home)?.streams.get(sourceId)?.maxFps;
      const wanted = expected.fps.get(sourceId);
      if (wanted !== undefined && fps !== wanted)
        throw new Violation(`at rest room ${sourceId} has ${fps} fps, not ${wanted}`);
    }
  }
  const open = world.incidents().filter((incident) => incident.state !== 'closed');
  if (open.length > 0) throw new Violation(`at rest ${open.map((one) => `${one.incident_id} is ${one.state}`).join()}`);
  if (world.dedicated().length > 0) throw new Violation(`at rest ${world.dedicated().join()} still exists`);
  const left = world.incidents().flatMap((incident) => incident.overrides);
  if (left.length > 0) throw new Violation(`at rest overrides are left: ${JSON.stringify(left)}`);
}
