import {
  type AlarmFigures,
  type Command,
  type DesiredRoom,
  type DesiredRooms,
  type DetectionsMessage,
  type Incident,
  type MetricsMessage,
  noPolicyHistory,
  type Policy,
  type PolicyHistory,
  type RetainedPolicy,
  type RoomState,
  type Status,
  UnwatchedMeter,
  unwatchedAfterMs,
} from '@vigilia/protocol';
import type { InboxItem, Now, RuntimeInstance, RuntimeView, View, WatchedTime } from '../plan/view.ts';
import { ClockSkew } from './clock-skew.ts';
import { KnownAlarmFigures } from './known-alarm-figures.ts';
import { KnownIncidents } from './known-incidents.ts';
import { type CompletedBy, KnownProcessors } from './known-processors.ts';
import { KnownReplays } from './known-replays.ts';
import { KnownRooms } from './known-rooms.ts';

/** What the store knows of the world; the parts that act add the acts under way. */
export type Facts = Omit<View, 'pending' | 'failures'>;

type NewInboxItem = InboxItem extends infer Item ? (Item extends InboxItem ? Omit<Item, 'id'> : never) : never;

/** Folds messages and the runtime's lists into what the planner sees. Reads no clock: every call brings the time. */
export class Store {
  readonly processors = new KnownProcessors();
  readonly rooms = new KnownRooms();
  readonly incidents = new KnownIncidents();
  readonly replays = new KnownReplays();
  readonly unwatched = new UnwatchedMeter();
  readonly alarmFigures = new KnownAlarmFigures();
  readonly clockSkew = new ClockSkew();
  readonly #self: string;
  #desired: Map<number, DesiredRoom> | undefined;
  #removedRooms: ReadonlyMap<number, string> = new Map();
  #desiredRevision = 0;
  #policy: Policy | undefined;
  #policyHistory: PolicyHistory = noPolicyHistory;
  #runtime: RuntimeView = { listed: false, instances: new Map() };
  #inbox: InboxItem[] = [];
  #inboxCount = 0;
  #lastOpenedMs: number | undefined;
  #wholeSinceMs = 0;

  /** @param self the orchestrator's own name */
  constructor(self: string) {
    this.#self = self;
  }

  /** The view is whole from now on. What came before may have waited in the session for long: it does not prove a processor alive. */
  whole(nowMs: number): void {
    this.#wholeSinceMs = nowMs;
    this.processors.connected(nowMs);
  }

  /** A connection (again): everything heard before has to be confirmed. */
  connected(nowMs: number): void {
    this.processors.connected(nowMs);
    this.unwatched.connected(nowMs);
    this.alarmFigures.connected();
  }

  status(status: Status, { retained, nowMs, wallMs }: { retained: boolean; nowMs: number; wallMs: number }): void {
    const before = [...(this.processors.all.get(status.instance_id)?.streams.keys() ?? [])];
    this.processors.status(status, retained, nowMs);
    if (!retained) {
      this.clockSkew.seen(status.instance_id, Date.parse(status.timestamp) - wallMs);
    }
    this.#noteRates(status.instance_id, before);
  }

  /** Returns whether the plan may change now; most detections only show that all goes on. */
  detections(message: DetectionsMessage, nowMs: number): boolean {
    const seenAnew = this.processors.detection(message, nowMs);
    const upOrNot = this.rooms.detections(message, nowMs);
    const fps = this.processors.all.get(message.instance_id)?.streams.get(message.source_id)?.maxFps;
    if (fps !== undefined) {
      this.unwatched.expect(message.source_id, fps, nowMs);
      this.alarmFigures.seen(message, nowMs, unwatchedAfterMs(1000 / fps));
    }
    this.unwatched.seen(message.source_id, nowMs);
    return seenAnew || upOrNot;
  }

  /** A heartbeat changes no plan by itself. */
  metrics(message: MetricsMessage, retained: boolean, nowMs: number): false {
    this.processors.metrics(message, retained, nowMs);
    return false;
  }

  room(state: RoomState, nowMs: number): void {
    this.rooms.state(state, nowMs);
  }

  /** Found on the broker. What we wrote ourselves is newer. */
  loadDesired(rooms: DesiredRooms): void {
    if (this.#desired === undefined) {
      this.putDesired(rooms);
    }
  }

  putDesired(rooms: DesiredRooms): void {
    this.#desired = new Map(Object.entries(rooms.rooms).map(([key, room]) => [Number(key), room]));
    this.#removedRooms = new Map(Object.entries(rooms.removed ?? {}).map(([key, at]) => [Number(key), at]));
    this.#desiredRevision = rooms.revision;
    for (const room of Object.keys(this.unwatched.report(0))) {
      if (!this.#desired.has(Number(room))) {
        this.unwatched.forget(Number(room));
      }
    }
  }

  /** The policy that a person set; undefined: the file's is in force. */
  get policy(): Policy | undefined {
    return this.#policy;
  }

  get policyHistory(): PolicyHistory {
    return this.#policyHistory;
  }

  putPolicy(policy: Policy, history: PolicyHistory): void {
    this.#policy = policy;
    this.#policyHistory = history;
  }

  /** Found on the broker. One that we wrote ourselves is newer. */
  loadPolicy({ history, ...policy }: RetainedPolicy): void {
    if (this.#policy === undefined) {
      this.putPolicy(policy, history ?? noPolicyHistory);
    }
  }

  /** Our own figures, as published. */
  putAlarmFigures(figures: AlarmFigures, counted: WatchedTime, now: Now): void {
    this.alarmFigures.put(figures, counted, now.monoMs);
  }

  /** One of our own incidents, as published. */
  putIncident(incident: Incident, now: Now): void {
    if (!this.incidents.all.has(incident.incident_id)) {
      this.#lastOpenedMs = now.monoMs;
    }
    this.incidents.put(incident, now);
  }

  /** A completed command of the orchestrator. @param how.owner who the processor will state to have set what the command names */
  completed(instanceId: string, command: Command, how: CompletedBy): void {
    const before = [...(this.processors.all.get(instanceId)?.streams.keys() ?? [])];
    this.processors.completed(instanceId, command, how);
    this.#noteRates(instanceId, before);
  }

  /** Which processor monitors which room at which rate, for the measure of unwatched time. */
  #noteRates(instanceId: string, before: readonly number[]): void {
    const processor = this.processors.all.get(instanceId);
    const streams = processor?.status === 'offline' ? undefined : processor?.streams;
    for (const sourceId of before) {
      if (!streams?.has(sourceId)) {
        this.unwatched.rate(instanceId, sourceId, undefined);
      }
    }
    for (const [sourceId, stream] of streams ?? []) {
      this.unwatched.rate(instanceId, sourceId, stream.maxFps);
    }
  }

  /** A successful list of the runtime. */
  setRuntime(instances: readonly RuntimeInstance[], capacity: RuntimeView['capacity'], nowMs: number): void {
    const byName = new Map(instances.map((instance) => [instance.instanceId, instance]));
    this.#runtime = {
      listed: true,
      listedMs: nowMs,
      instances: byName,
      capacity,
    };
  }

  /** The runtime does not answer. What it listed last is kept; one that never answered has nothing to list. */
  runtimeUnreachable(): void {
    if (!this.#runtime.listed) {
      this.#runtime = { ...this.#runtime, listed: true, unreachable: true };
    } else {
      this.#runtime = { ...this.#runtime, unreachable: true };
    }
  }

  /** Puts something before the planner; it stays until a plan settles it. Returns its id. */
  enqueue(item: NewInboxItem, id = `inbox-${++this.#inboxCount}`): string {
    if (this.#inbox.some((one) => one.id === id)) return id;
    if (item.kind === 'fall') {
      this.rooms.reported(item.report.source_id);
    }
    this.#inbox.push({ ...item, id } as InboxItem);
    return id;
  }

  settle(id: string): void {
    this.#inbox = this.#inbox.filter((item) => item.id !== id);
  }

  facts(): Facts {
    return {
      self: this.#self,
      processors: this.processors.all,
      rooms: this.rooms.all,
      desired: this.#desired,
      removedRooms: this.#removedRooms,
      desiredRevision: this.#desiredRevision,
      policyHistory: this.#policyHistory,
      incidents: this.incidents.all,
      alarmFigures: this.alarmFigures.figures,
      watched: this.alarmFigures.watched,
      replays: this.replays.all,
      runtime: this.#runtime,
      inbox: this.#inbox,
      wholeSinceMs: this.#wholeSinceMs,
      lastOpenedMs: this.#lastOpenedMs,
    };
  }
}
