import { createHash } from 'node:crypto';
import {
  type DesiredRoom,
  type DesiredRooms,
  type EventType,
  type Incident,
  type IncidentStep,
  type Policy,
  type PolicyChange,
  type PolicyHistory,
  recordPolicyChange,
  type VigiliaEvent,
  withoutUndefined,
} from '@vigilia/protocol';
import type { Act, Action, Plan, RecordAction } from './action.ts';
import { desiredRoomsOf } from './desired-rooms-of.ts';
import type { Now, TimedIncident, View } from './view.ts';

/** Of rooms that were removed, so many are remembered: a site has at most 1,000. */
const mostRemovedRooms = 1000;

/** The request that changes the policy, and the person who sent it. */
export type PolicyAuthor = Pick<PolicyChange, 'request' | 'by' | 'via'>;

/** The fields of an event beside its type, id and time. */
export interface EventFields {
  readonly [field: string]: unknown;
  readonly source_id?: number | undefined;
  readonly instance_id?: string;
  readonly severity?: VigiliaEvent['severity'];
  readonly incident_id?: string | undefined;
  readonly trace_id?: string;
}

/**
 * One plan in the making: the rules read the view through it and leave their edits and acts in it, so that a later rule
 * sees what an earlier one decided. Local to one call of `plan`.
 */
export class Draft {
  readonly view: View;
  readonly now: Now;
  /** With the edits of this plan. */
  readonly incidents: Map<string, TimedIncident>;
  desired: Map<number, DesiredRoom>;
  /** When rooms were removed (ISO 8601); with the edits of this plan. */
  readonly removedRooms: Map<number, string>;
  #policy: Policy;
  readonly #policyBefore: Policy;
  #policyHistory: PolicyHistory;
  readonly #edited = new Set<string>();
  readonly #records: RecordAction[] = [];
  readonly #acts = new Map<string, Act>();
  #desiredChanged = false;
  #byAge: readonly Incident[] | undefined;
  #wakeAtMs: number | undefined;

  constructor(options: { view: View; policy: Policy; now: Now }) {
    this.view = options.view;
    this.#policy = options.policy;
    this.#policyBefore = options.policy;
    this.now = options.now;
    this.incidents = new Map(options.view.incidents);
    this.desired = new Map(options.view.desired ?? []);
    this.#policyHistory = options.view.policyHistory;
    this.removedRooms = new Map(options.view.removedRooms);
  }

  /** With the edits of this plan. */
  get policy(): Policy {
    return this.#policy;
  }

  /** With the edits of this plan. */
  get policyHistory(): PolicyHistory {
    return this.#policyHistory;
  }

  /**
   * Changes the policy in the name of the request that asked for it. It is published once, before the desired rooms: a request that is
   * decided again after a crash finds both or completes both.
   */
  changePolicy(policy: Policy, { request, by, via }: PolicyAuthor): void {
    const change = withoutUndefined<PolicyAuthor & { at: string }>({ request, by, via, at: this.nowIso });
    this.#policyHistory = recordPolicyChange(this.#policyHistory, this.#policy, policy, change);
    this.#policy = policy;
  }

  get nowIso(): string {
    return new Date(this.now.wallMs).toISOString();
  }

  /** Milliseconds since a time of the incident, on the monotonic clock. */
  ageMs(incident: Incident, iso: string | undefined): number {
    if (iso === undefined) return 0;
    const anchor = this.incidents.get(incident.incident_id)?.anchors.get(iso);
    return anchor === undefined ? 0 : Math.max(0, this.now.monoMs - anchor);
  }

  /** With the edits of this plan, the oldest first. */
  incidentsByAge(): readonly Incident[] {
    this.#byAge ??= [...this.incidents.values()]
      .map(({ incident, anchors }) => ({ incident, openedMs: anchors.get(incident.opened_at) ?? 0 }))
      .sort((a, b) => a.openedMs - b.openedMs || (a.incident.incident_id < b.incident.incident_id ? -1 : 1))
      .map(({ incident }) => incident);
    return this.#byAge;
  }

  /** The incident with this plan's edits. */
  incident(id: string): Incident | undefined {
    return this.incidents.get(id)?.incident;
  }

  addIncident(incident: Incident): void {
    this.incidents.set(incident.incident_id, { incident, anchors: new Map([[this.nowIso, this.now.monoMs]]) });
    this.#byAge = undefined;
    this.#edited.add(incident.incident_id);
  }

  /** Changes fields of an incident; it is published once, at the end of the plan. */
  edit(id: string, patch: { [K in keyof Incident]?: Incident[K] | undefined }): Incident {
    const found = this.incidents.get(id);
    if (found === undefined) throw new Error(`no incident ${id}`);
    const incident = withoutUndefined<Partial<Incident>>({
      ...found.incident,
      ...patch,
      updated_at: this.#laterThan(found.incident.updated_at),
    }) as Incident;
    const anchors = new Map(found.anchors).set(this.nowIso, this.now.monoMs);
    this.incidents.set(id, { incident, anchors });
    this.#byAge = undefined;
    this.#edited.add(id);
    return incident;
  }

  /** A state is newer than the one before it, also when the clock was set back: consumers keep the newest. */
  #laterThan(before: string): string {
    const beforeMs = Date.parse(before);
    return beforeMs > this.now.wallMs ? new Date(beforeMs + 1).toISOString() : this.nowIso;
  }

  /** Records a step the first time it is seen done, with its duration since the incident was opened. */
  step(id: string, step: IncidentStep): Incident {
    const incident = this.incident(id);
    if (incident === undefined) throw new Error(`no incident ${id}`);
    if (incident.steps[step] !== undefined) return incident;
    return this.edit(id, {
      steps: { ...incident.steps, [step]: this.nowIso },
      durations_ms: { ...incident.durations_ms, [step]: Math.round(this.ageMs(incident, incident.opened_at)) },
    });
  }

  clearIncident(id: string): void {
    this.incidents.delete(id);
    this.#byAge = undefined;
    this.#edited.delete(id);
    this.#records.push({ kind: 'clear_incident', incidentId: id });
  }

  setDesired(sourceId: number, room: DesiredRoom | undefined): void {
    if (room === undefined) {
      this.desired.delete(sourceId);
    } else {
      this.desired.set(sourceId, withoutUndefined(room));
      this.removedRooms.delete(sourceId);
    }
    this.#desiredChanged = true;
  }

  /** The room is not to be monitored from now on, whichever processor brings it back by its own settings. */
  removeRoom(sourceId: number): void {
    this.desired.delete(sourceId);
    this.removedRooms.delete(sourceId);
    if (this.removedRooms.size >= mostRemovedRooms) {
      const [oldest] = [...this.removedRooms].reduce((a, b) => (b[1] < a[1] ? b : a));
      this.removedRooms.delete(oldest);
    }
    this.removedRooms.set(sourceId, this.nowIso);
    this.#desiredChanged = true;
  }

  markDesiredChanged(): void {
    this.#desiredChanged = true;
  }

  record(action: RecordAction): void {
    this.#records.push(action);
  }

  /** An act, unless the same is under way or waits after a failure. */
  act(act: Act): void {
    if (this.acts(act.key)) return;
    const failure = this.view.failures.get(act.key);
    if (failure !== undefined && failure.retryAtMs > this.now.monoMs) {
      this.wakeAt(failure.retryAtMs);
      return;
    }
    this.#acts.set(act.key, act);
  }

  /** Whether an act of this key is under way or in this plan. */
  acts(key: string): boolean {
    return this.view.pending.has(key) || this.#acts.has(key);
  }

  /**
   * An event of this plan. `identity` makes its id: the same fact published twice (a crash before it was recorded) is
   * one event for those who count.
   */
  event(type: EventType, identity: string, fields: EventFields): VigiliaEvent {
    const id = createHash('sha256').update(`${type} ${identity}`).digest('hex').slice(0, 24);
    const room = fields.source_id === undefined ? undefined : this.desired.get(fields.source_id);
    return withoutUndefined({
      event_id: `evt-${id}`,
      event: type,
      instance_id: this.view.self,
      timestamp: this.nowIso,
      severity: 'info',
      trace_id: fields.incident_id ?? `trace-${id}`,
      room_name: room?.name,
      ...fields,
    });
  }

  publish(type: EventType, identity: string, fields: EventFields): void {
    this.record({ kind: 'publish_event', event: this.event(type, identity, fields) });
  }

  /** The plan may change at this monotonic time although nothing happens. */
  wakeAt(monoMs: number): void {
    if (monoMs <= this.now.monoMs) return;
    this.#wakeAtMs = Math.min(this.#wakeAtMs ?? Number.POSITIVE_INFINITY, monoMs);
  }

  /** True once `age` has reached `limitMs`; otherwise the plan is looked at again when it will have. */
  reached(ageMs: number, limitMs: number): boolean {
    if (ageMs >= limitMs) return true;
    this.wakeAt(this.now.monoMs + (limitMs - ageMs));
    return false;
  }

  finish(): Plan {
    const actions: Action[] = [];
    for (const id of this.#edited) {
      const incident = this.incident(id);
      if (incident !== undefined) {
        actions.push({ kind: 'publish_incident', incident });
      }
    }
    if (this.#policy !== this.#policyBefore) {
      actions.push({ kind: 'publish_policy', policy: this.#policy, history: this.#policyHistory });
    }
    if (this.#desiredChanged) {
      actions.push({ kind: 'publish_rooms', rooms: this.#desiredRooms() });
    }
    const settles = this.#records.filter((record) => record.kind === 'settle');
    actions.push(...this.#records.filter((record) => record.kind !== 'settle'), ...settles, ...this.#acts.values());
    return this.#wakeAtMs === undefined ? { actions } : { actions, wakeAtMs: this.#wakeAtMs };
  }

  #desiredRooms(): DesiredRooms {
    const revision = this.view.desiredRevision + 1;
    return desiredRoomsOf(this.desired, this.removedRooms, { updated_at: this.nowIso, revision });
  }
}
