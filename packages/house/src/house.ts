import type {
  Ack,
  AlarmFigures,
  AlertState,
  CommandEnvelope,
  DesiredRooms,
  DetectionsMessage,
  Incident,
  MetricsMessage,
  OrchestratorStatus,
  RecordsState,
  Replay,
  RoomState,
  ServiceReport,
  Status,
  VigiliaEvent,
} from '@vigilia/protocol';

/** What is known of a room from what was heard about it. Times are epoch ms of the clock that `fold` is given. */
export interface RoomFacts {
  /** The last detection message, from whomever. */
  readonly detections?: DetectionsMessage;
  readonly retained?: RoomState;
  /** When the last detection message arrived. */
  readonly seenAtMs?: number;
  /** From when on silence counts: the last message, or the moment since which we could have heard one. */
  readonly listeningSinceMs: number;
  /** The longest interval that was set for any watcher since then. */
  readonly slowestIntervalMs: number;
  /** Results came too late at least once, and have not been on time for long enough since. */
  readonly late?: LateResults;
}

/** A room whose results come too late is unwatched until they have been on time for a while: otherwise it would flip each second. */
export interface LateResults {
  /** When the last result before the first late one arrived. */
  readonly sinceMs: number;
  /** When the latest late result arrived. */
  readonly lastMs: number;
}

/** What was last heard of a service about itself. */
export interface ServiceFacts {
  readonly report: ServiceReport;
  /** When it arrived. */
  readonly atMs: number;
  /** By how much its clock seemed ahead at the arrival of its last reports, ms; newest last. */
  readonly clockAheadMs: readonly number[];
}

/** Two earlier metrics messages of one start of a processor: `from` is one to two minutes old once the processor runs that long. */
export interface EarlierMetrics {
  readonly from: MetricsMessage;
  /** Becomes `from` a minute after it arrived. */
  readonly next: MetricsMessage;
  /** When `next` arrived. */
  readonly nextAtMs: number;
}

export interface CommandFacts {
  readonly id: string;
  readonly to: 'processors' | 'orchestrator';
  readonly command: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly targets: readonly string[];
  readonly atMs: number;
  /** The last answer of each who answered. */
  readonly answers: readonly Ack[];
}

/** Everything that was heard on MQTT, as plain immutable data. */
export interface House {
  /** Whether the console hears the broker now, and since when that is so (epoch ms). */
  readonly connected: boolean;
  readonly connectionSinceMs: number;
  readonly desired?: DesiredRooms;
  readonly alarmFigures?: AlarmFigures | undefined;
  readonly orchestrator?: OrchestratorStatus;
  /** Undefined where no notifier has ever connected to the broker. */
  readonly notifier?: 'online' | 'offline';
  /** What event sinks keep, by instance id. */
  readonly records: ReadonlyMap<string, RecordsState>;
  readonly processors: ReadonlyMap<string, Status>;
  readonly metrics: ReadonlyMap<string, MetricsMessage>;
  /** What the counters of `metrics` are compared with. */
  readonly earlierMetrics: ReadonlyMap<string, EarlierMetrics>;
  /** What services report of themselves, by instance id. */
  readonly services: ReadonlyMap<string, ServiceFacts>;
  readonly rooms: ReadonlyMap<number, RoomFacts>;
  readonly incidents: ReadonlyMap<string, Incident>;
  /** Who was notified of an incident, by its id. */
  readonly alerts: ReadonlyMap<string, AlertState>;
  /** Stick figures of the last fall of an incident, by its id; they stay longer than the incident itself. */
  readonly replays: ReadonlyMap<string, Replay>;
  /** Oldest first, bounded. */
  readonly commands: readonly CommandFacts[];
  readonly events: readonly VigiliaEvent[];
}

/** One thing heard, parsed and checked. */
export type HouseMessage =
  | { readonly kind: 'connected' }
  /** `sessionEnds`: what the broker retains will be received again, and what was cleared meanwhile will not be heard of. */
  | { readonly kind: 'disconnected'; readonly sessionEnds?: boolean }
  | { readonly kind: 'status'; readonly instanceId: string; readonly status: Status | undefined }
  | { readonly kind: 'metrics'; readonly instanceId: string; readonly metrics: MetricsMessage | undefined }
  /** `wallMs`: the machine's clock when it arrived. */
  | { readonly kind: 'service'; readonly report: ServiceReport; readonly wallMs: number }
  | { readonly kind: 'detections'; readonly detections: DetectionsMessage }
  | { readonly kind: 'room'; readonly sourceId: number; readonly room: RoomState | undefined }
  | { readonly kind: 'incident'; readonly incidentId: string; readonly incident: Incident | undefined }
  | { readonly kind: 'alert'; readonly incidentId: string; readonly alert: AlertState | undefined }
  | { readonly kind: 'replay'; readonly incidentId: string; readonly replay: Replay | undefined }
  | { readonly kind: 'notifier'; readonly notifier: House['notifier'] | undefined }
  | { readonly kind: 'desired'; readonly desired: DesiredRooms | undefined }
  | { readonly kind: 'alarm_figures'; readonly figures: AlarmFigures | undefined }
  | { readonly kind: 'records'; readonly instanceId: string; readonly records: RecordsState | undefined }
  | { readonly kind: 'orchestrator'; readonly orchestrator: OrchestratorStatus | undefined }
  | { readonly kind: 'command'; readonly to: CommandFacts['to']; readonly command: CommandEnvelope }
  | { readonly kind: 'ack'; readonly to: CommandFacts['to']; readonly ack: Ack }
  | { readonly kind: 'event'; readonly event: VigiliaEvent };

/** A site of which no message has been received yet. */
export function emptyHouse(nowMs: number): House {
  return {
    connected: false,
    connectionSinceMs: nowMs,
    records: new Map(),
    processors: new Map(),
    metrics: new Map(),
    earlierMetrics: new Map(),
    services: new Map(),
    rooms: new Map(),
    incidents: new Map(),
    alerts: new Map(),
    replays: new Map(),
    commands: [],
    events: [],
  };
}
