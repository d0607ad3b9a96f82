import {
  type Ack,
  type AlarmFigures,
  type AlertStage,
  type AlertState,
  type CommandEnvelope,
  type CommandParams,
  channels,
  createHomeAssistantTopics,
  createTopics,
  type DesiredRoom,
  type DesiredRooms,
  type DetectionPayload,
  type ErrorCode,
  type Incident,
  incidentSchema,
  type JsonRecord,
  noPolicyHistory,
  type OrchestratorStatus,
  type Policy,
  type PolicyEdit,
  type PolicyHistory,
  policySchema,
  type Replay,
  recordPolicyChange,
  type ServiceReport,
  type Status,
  setAt,
  topicOf,
  type Verdict,
  withoutUndefined,
  type Zone,
} from '@vigilia/protocol';
import type { Bus, BusMessage } from '@vigilia/service';
import { makeAck } from '@vigilia/simulated-site';
import { PlayedProcessor } from '@vigilia/testing';
import { afterRequest, bedZone, type FakeRoom, freshIncident, now, standing, stream } from './fake-messages.ts';
import { fakeSnapshot } from './fake-snapshots.ts';

const topics = createTopics();

/** Publishes and answers on a real broker as processors and an orchestrator do, as a test orders it. */
export class FakeHouse {
  readonly #bus: Bus;
  readonly rooms: ReadonlyMap<number, FakeRoom>;
  /** Everything that was sent to processors or the orchestrator. */
  readonly heard: CommandEnvelope[] = [];
  /** What each room shows, again and again, as a camera does. */
  readonly #shown = new Map<number, () => Promise<void>>();
  readonly #processors = new Map<string, PlayedProcessor>();
  #frame = 0;
  #beat: ReturnType<typeof setInterval> | undefined;
  #desired: DesiredRooms;
  readonly #incidents = new Map<string, Incident>();
  #policy: Policy = policySchema.parse({});
  #policyHistory: PolicyHistory = noPolicyHistory;
  #orchestratorState: OrchestratorStatus['status'] = 'acting';
  #refusal: ErrorCode | undefined;
  /** Whether processors send the pictures that they report as sent. */
  sendsSnapshots = true;

  constructor(bus: Bus, rooms: ReadonlyMap<number, FakeRoom>) {
    this.#bus = bus;
    this.rooms = rooms;
    const desired = [...rooms].map(([id, { home, name, ward }]): [string, DesiredRoom] => [
      String(id),
      withoutUndefined({ home, name, ward, zones: [bedZone] }),
    ]);
    this.#desired = { rooms: Object.fromEntries(desired), updated_at: now(), revision: 1 };
  }

  /** The orchestrator refuses the next request with this code. */
  refuseOnce(code: ErrorCode): void {
    this.#refusal = code;
  }

  /** Retained state, one frame of every room, and answers to commands. */
  async start(): Promise<void> {
    await this.#bus.subscribe(topics.commands, (message) => this.#command(message));
    await this.#bus.subscribe(topics.orchestratorCommands, (message) => this.#request(message));
    await this.publishState();
    await this.allSeen();
    this.#beat = setInterval(() => {
      for (const show of this.#shown.values()) {
        void show();
      }
    }, 1000);
  }

  stop(): void {
    clearInterval(this.#beat);
  }

  async publishState(): Promise<void> {
    await this.#orchestrator();
    await this.#bus.publish(topics.orchestratorRooms, this.#desired, { retain: true });
    for (const home of new Set([...this.rooms.values()].map((room) => room.home))) {
      await this.status(home);
    }
    for (const incident of this.#incidents.values()) {
      await this.incident(incident);
    }
  }

  /** Whether the policy lets pictures out. */
  async allowSnapshots(snapshots: boolean): Promise<void> {
    this.#policy = { ...this.#policy, snapshots };
    await this.#orchestrator();
  }

  async notifier(state: 'online' | 'offline'): Promise<void> {
    await this.#bus.publish(createHomeAssistantTopics(topics.roots).availability, state, { retain: true });
  }

  /** A service reports about itself, once. */
  async service(report: Pick<ServiceReport, 'instance_id' | 'service'> & Partial<ServiceReport>): Promise<void> {
    const of = { version: '0.1.0', boot_id: 's1', state: 'running', started_at: now(), timestamp: now() } as const;
    const message: ServiceReport = { ...of, folders: [], troubles: [], ...report };
    await this.#bus.publish(
      topicOf(channels.serviceReport, { instance_id: report.instance_id }, topics.roots),
      message,
    );
  }

  /** As its last will, or its return, states. */
  async orchestratorStatus(status: OrchestratorStatus['status']): Promise<void> {
    this.#orchestratorState = status;
    await this.#orchestrator();
  }

  async #orchestrator(): Promise<void> {
    const self = {
      instance_id: 'orchestrator',
      boot_id: 'o1',
      status: this.#orchestratorState,
      timestamp: now(),
      term: 1,
      snapshots: this.#policy.snapshots,
      policy_revision: this.#policyHistory.revision,
    };
    await this.#bus.publish(topics.orchestratorStatus, self, { retain: true });
  }

  async status(instanceId: string, change: Partial<Status> = {}, rooms = this.#roomsOf(instanceId)): Promise<void> {
    const processor = this.#processor(instanceId);
    await processor.status({
      health: 'ok',
      uptime_seconds: 4200,
      config: { model_id: 'movenet', max_fps: 0.1, confidence: 0.3, tracking: true, decode: 'auto', control: true },
      config_source: 'flags',
      streams: rooms.map((id) => stream(id, 'movenet', 0.1)),
      ...change,
    });
    const load = { uptime_seconds: 4200, inference_time_ms: 182, memory_mb: 412, cpu_percent: 38 };
    await processor.metrics(change.boot_id === undefined ? load : { ...load, boot_id: change.boot_id });
  }

  #processor(instanceId: string): PlayedProcessor {
    const processor = this.#processors.get(instanceId) ?? new PlayedProcessor({ bus: this.#bus, instanceId });
    this.#processors.set(instanceId, processor);
    return processor;
  }

  async dedicated(instanceId: string, sourceId: number, incidentId: string): Promise<void> {
    const streams = [stream(sourceId, 'movenet-precise', 1)];
    await this.status(instanceId, { role: 'dedicated', incident_id: incidentId, streams });
  }

  /** Its retained status is cleared, as the orchestrator does after it stopped it. */
  async gone(instanceId: string): Promise<void> {
    await this.#bus.publish(topics.status(instanceId), '', { retain: true });
  }

  /** From now on the room shows this. */
  async seen(sourceId: number, detections: DetectionPayload[] = [], by?: { id: string; model: string }): Promise<void> {
    const show = (): Promise<void> => this.#show(sourceId, detections, by);
    this.#shown.set(sourceId, show);
    await show();
  }

  async #show(sourceId: number, detections: DetectionPayload[], by?: { id: string; model: string }): Promise<void> {
    this.#frame += 1;
    const instanceId = by?.id ?? this.rooms.get(sourceId)?.home ?? 'processor-a';
    await this.#processor(instanceId).detections(sourceId, {
      model_id: by?.model ?? 'movenet',
      image: { width: 1280, height: 720 },
      detections,
    });
  }

  /** Detection messages so far. */
  get published(): number {
    return this.#frame;
  }

  async allSeen(): Promise<void> {
    for (const id of this.rooms.keys()) {
      await this.seen(id, id % 3 === 0 ? [standing] : []);
    }
  }

  /** The fall machine's state of a room, retained. */
  async fall(sourceId: number, state: 'none' | 'candidate' | 'down' | 'alarm'): Promise<void> {
    const fall = state === 'none' ? { state } : { state, low_since: now() };
    await this.#processor('processor-a').room(sourceId, { zones: [bedZone], fall });
  }

  /** The notifier rings for a fall of which no incident was opened; undefined: its alarm is over. */
  async report(sourceId: number, stage: AlertStage | undefined, by?: string): Promise<void> {
    const at = now();
    const alert: AlertState = withoutUndefined({
      incident_id: `report-${sourceId}`,
      source_id: sourceId,
      drill: false,
      without_incident: true,
      stage: stage ?? 'closed',
      level: 0,
      fall: 1,
      person: 'unknown',
      notified: [],
      reactions: [],
      opened_at: at,
      updated_at: at,
      acknowledged: by === undefined ? undefined : { at, by },
    });
    await this.#bus.publish(topics.alert(alert.incident_id), stage === undefined ? '' : alert, { retain: true });
  }

  async incident(change: Partial<Incident> & Pick<Incident, 'incident_id' | 'source_id'>): Promise<void> {
    const before = this.#incidents.get(change.incident_id) ?? freshIncident(change, this.rooms.get(change.source_id));
    await this.#put({ ...before, ...change });
  }

  /** The retained replay of an incident. */
  async replay(replay: Replay): Promise<void> {
    await this.#bus.publish(topics.replay(replay.incident_id), replay, { retain: true });
  }

  /** The orchestrator forgets an incident that was closed long ago. */
  async forget(incidentId: string): Promise<void> {
    this.#incidents.delete(incidentId);
    await this.#bus.publish(topics.incident(incidentId), '', { retain: true });
  }

  async #put(changed: Incident): Promise<void> {
    const incident = incidentSchema.parse({ ...changed, updated_at: now() });
    this.#incidents.set(incident.incident_id, incident);
    await this.#bus.publish(topics.incident(incident.incident_id), incident, { retain: true });
  }

  async #command(message: BusMessage): Promise<void> {
    const command = commandOf(message);
    if (command === undefined) return;
    this.heard.push(command);
    const homes = [...new Set([...this.rooms.values()].map((room) => room.home))];
    const targets = command.target_instances ?? ['*'];
    if (command.command === 'snapshot') {
      await this.#picture(targets[0] ?? 'processor-a', command);
    }
    for (const home of targets.includes('*') ? homes : targets) {
      await this.#processor(home).answer(command);
    }
    if (command.command === 'set_zones') {
      await this.zones(command.params as { source_id: number; zones: Zone[] });
    }
  }

  async #picture(instance_id: string, { command_id, params }: CommandEnvelope): Promise<void> {
    if (!this.sendsSnapshots) return;
    const { source_id, reveal = false } = params as CommandParams<'snapshot'>;
    const picture = {
      source_id,
      instance_id,
      command_id,
      timestamp: now(),
      blurred: !reveal,
      jpeg: fakeSnapshot(reveal),
    };
    await this.#bus.publish(topics.snapshot(source_id), picture, { qos: 0 });
  }

  /** The desired zones of a room. */
  async zones({ source_id, zones }: { source_id: number; zones: Zone[] }): Promise<void> {
    const room = this.#desired.rooms[String(source_id)];
    if (room === undefined) return;
    await this.#desire(source_id, { ...room, zones });
  }

  /** The policy gives a room another ward. */
  async ward(sourceId: number, ward: string): Promise<void> {
    const room = this.#desired.rooms[String(sourceId)];
    if (room === undefined) return;
    await this.#desire(sourceId, { ...room, ward });
  }

  async #desire(sourceId: number, room: DesiredRoom): Promise<void> {
    const rooms = { ...this.#desired.rooms, [String(sourceId)]: room };
    this.#desired = { rooms, updated_at: now(), revision: this.#desired.revision + 1 };
    await this.#bus.publish(topics.orchestratorRooms, this.#desired, { retain: true });
  }

  /** As the orchestrator does: the place of the alarm becomes a zone of the room. */
  async #learn({ incident_id, source_id, falls = [] }: Incident, command: CommandEnvelope): Promise<void> {
    const { by = 'Ana Ruiz', name } = (command.params ?? {}) as { by?: string; name?: string };
    const zones = this.#desired.rooms[String(source_id)]?.zones ?? [];
    const others = zones.filter(({ learned }) => learned?.incident_id !== incident_id);
    const { x1, y1, x2, y2 } = falls[0]?.place ?? { x1: 0, y1: 0, x2: 1, y2: 1 };
    const points: Zone['points'] = [
      [x1, y1],
      [x2, y1],
      [x2, y2],
      [x1, y2],
    ];
    const thing: Zone = { kind: 'thing', name, points, learned: { incident_id, by, at: now() } };
    await this.zones({ source_id, zones: command.command === 'learn_thing' ? [...others, thing] : others });
  }

  /** What the orchestrator counted. */
  async alarmFigures(figures: AlarmFigures): Promise<void> {
    await this.#bus.publish(topics.alarmFigures, figures, { retain: true });
  }

  async #request(message: BusMessage): Promise<void> {
    const command = commandOf(message);
    if (command === undefined) return;
    this.heard.push(command);
    const params = (command.params ?? {}) as Partial<Verdict> & { incident_id?: string; confirmed?: boolean };
    const id = params.incident_id;
    const known = id === undefined ? undefined : this.#incidents.get(id);
    if (this.#refusal !== undefined) {
      const code = this.#refusal;
      this.#refusal = undefined;
      return this.#refuse(command, code);
    }
    if (known?.person === 'down' && command.command === 'resolve' && params.confirmed !== true) {
      return this.#refuse(command, 'confirmation_required');
    }
    if (known !== undefined && (command.command === 'learn_thing' || command.command === 'forget_thing')) {
      await this.#learn(known, command);
    } else if (known !== undefined) {
      await this.#put(afterRequest(known, command.command, params));
    }
    if (command.command === 'change_policy') {
      return this.#changePolicy(command);
    }
    const result = this.#answerTo(command.command);
    await this.#bus.publish(topics.orchestratorAck, orchestratorAck(command, { ack_status: 'received' }));
    await this.#bus.publish(topics.orchestratorAck, orchestratorAck(command, withoutUndefined({ result })));
  }

  #answerTo(command: string): Record<string, unknown> | undefined {
    const { revision, changes } = this.#policyHistory;
    if (command === 'get_policy') return { policy: this.#policy, revision, changes };
    if (command === 'status') return { status: this.#orchestratorState, policy: this.#policy };
    if (command !== 'plan') return undefined;
    const steps = [
      { kind: 'command', text: 'in English', instance_id: 'processor-a', command: 'set_fps', params: { max_fps: 0.2 } },
    ];
    return { actions: ['in English'], steps };
  }

  /** As the orchestrator does: the settings that are named change, and the revision counts up. */
  async #changePolicy(command: CommandEnvelope): Promise<void> {
    const { changes, base_revision, by } = command.params as {
      changes: PolicyEdit[];
      base_revision?: number;
      by?: string;
    };
    const before = this.#policyHistory;
    if (base_revision !== undefined && base_revision !== before.revision)
      return this.#refuse(command, 'policy_changed');
    await this.changePolicy(changes, by);
    const result = { revision: this.#policyHistory.revision };
    await this.#bus.publish(topics.orchestratorAck, orchestratorAck(command, { result }));
  }

  get policy(): Policy {
    return this.#policy;
  }

  /** A person changes the policy. */
  async changePolicy(changes: readonly PolicyEdit[], by = 'Ana Ruiz'): Promise<void> {
    const edited = changes.reduce<JsonRecord>((result, { path, value }) => setAt(result, path, value), this.#policy);
    const next = policySchema.parse(edited);
    const request = `request ${this.#policyHistory.revision + 1}`;
    this.#policyHistory = recordPolicyChange(this.#policyHistory, this.#policy, next, { at: now(), by, request });
    this.#policy = next;
    await this.#orchestrator();
  }

  async #refuse(command: CommandEnvelope, code: ErrorCode): Promise<void> {
    const refusal = { ack_status: 'error' as const, error: { code }, message: 'refused by the test' };
    await this.#bus.publish(topics.orchestratorAck, orchestratorAck(command, refusal));
  }

  #roomsOf(home: string): number[] {
    return [...this.rooms].filter(([, room]) => room.home === home).map(([id]) => id);
  }
}

function orchestratorAck(command: CommandEnvelope, change: Partial<Ack>): Ack {
  return makeAck({ instanceId: 'orchestrator', at: now() }, command, change);
}

/** Returns undefined for what no service accepts: unreadable and retained commands. */
function commandOf(message: BusMessage): CommandEnvelope | undefined {
  if (message.retain) return undefined;
  try {
    return message.json() as CommandEnvelope;
  } catch {
    return undefined;
  }
}
