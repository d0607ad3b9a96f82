import type { RoomCondition, UnwatchedReason } from '@vigilia/house';
import type { AlarmSummary, AlertStage, Incident, ProcessorStatusName, SettingOwner, Zone } from '@vigilia/protocol';

/** What a room's tile shows, the worst first: the order is the order of the tiles. */
export const roomConditions = [
  'fall',
  'suspected',
  'unwatched',
  'blind',
  'drill',
  'helping',
  'recovered',
  'handover',
  'paused',
  'waiting',
  'well',
] as const satisfies readonly RoomCondition[];
export type { RoomCondition };

/** A box in 0..1 of the frame: left upper corner and size. */
export interface OutlineView {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly person: boolean;
  readonly low: boolean;
  /** What people lie or sit on; a model that detects only people has none. */
  readonly furniture?: 'bed' | 'couch' | 'chair';
}

export interface RoomView {
  readonly id: number;
  readonly name?: string;
  readonly condition: RoomCondition;
  /** Since when it is in this condition, as far as that is known (ISO 8601). */
  readonly since?: string;
  readonly incidentId?: string;
  /** A reported fall of which no incident was opened; `waits`: the alarm rings until a person is on the way. */
  readonly report?: { readonly id: string; readonly waits: boolean; readonly by?: string };
  readonly home?: string;
  readonly ward?: string;
  readonly watchers: readonly string[];
  readonly modelId?: string;
  readonly maxFps?: number;
  /** Who set that rate; left out by processors of earlier versions. */
  readonly rateSetBy?: SettingOwner['by'];
  readonly lastSeen?: string;
  readonly blindCause?: string;
  readonly unwatchedCause?: UnwatchedReason;
  /** Whom the room is being handed to. */
  readonly handoverTo?: string;
  readonly people: number;
  /** Width divided by height of the camera's frame. */
  readonly aspect?: number;
  readonly outlines: readonly OutlineView[];
  readonly zones: readonly Zone[];
}

export type IncidentView = Pick<
  Incident,
  | 'incident_id'
  | 'source_id'
  | 'room_name'
  | 'state'
  | 'outcome'
  | 'verdict'
  | 'drill'
  | 'with_alerts'
  | 'degraded'
  | 'note'
  | 'by'
  | 'home'
  | 'dedicated'
  | 'watched_by'
  | 'steps'
  | 'released'
  | 'falls'
  | 'clip'
  | 'detected_at'
  | 'opened_at'
  | 'recovered_at'
  | 'acknowledged_at'
  | 'closed_at'
> & {
  /** Since when the person of the last fall has been, or was, on the floor (ISO 8601). */
  readonly on_floor_since: string;
  /** As far as the cameras have shown it. */
  readonly person_down: boolean;
  readonly alert_stage?: AlertStage;
};

export interface ProcessorView {
  readonly id: string;
  readonly role: 'home' | 'dedicated';
  readonly status: ProcessorStatusName;
  readonly health?: 'ok' | 'degraded' | 'failing';
  readonly incidentId?: string;
  readonly at: string;
  readonly control: boolean;
  readonly modelId?: string;
  readonly rooms: readonly {
    readonly id: number;
    readonly modelId: string;
    readonly maxFps: number;
    readonly state: 'starting' | 'watching' | 'blind' | 'paused';
  }[];
  readonly cpuPercent?: number;
  readonly memoryMb?: number;
  readonly inferenceMs?: number;
  /** By how many seconds its clock is ahead of the orchestrator's; negative when it is behind, absent when they agree. */
  readonly clockAheadSeconds?: number;
  readonly lastError?: { readonly command: string; readonly code: string; readonly at: string };
}

export interface CommandView {
  readonly id: string;
  readonly to: 'processors' | 'orchestrator';
  readonly command: string;
  /** The parameters as JSON, credentials of addresses left out. */
  readonly params: string;
  readonly targets: readonly string[];
  readonly at: string;
  /** Who sent it with this console, or `orchestrator`. */
  readonly by?: string;
  readonly answers: readonly {
    readonly from: string;
    readonly status: 'received' | 'completed' | 'error';
    readonly at: string;
    readonly code?: string;
    readonly message?: string;
  }[];
}

/** That there is a replay of an incident; its content is fetched when it is shown. */
export interface ReplayView {
  readonly id: string;
  readonly room: number;
  /** ISO 8601. */
  readonly fallAt: string;
  readonly moments: number;
  readonly complete: boolean;
}

export interface HouseHead {
  /** Whether the console hears the broker, and since when that is so (ISO 8601). */
  readonly connected: boolean;
  readonly since: string;
  readonly orchestrator?: {
    readonly status: string;
    readonly note?: string;
    /** Of the policy in force. */
    readonly policyRevision?: number;
  };
  /** Parts of the system that do not work, as far as the broker knows. */
  readonly faults: readonly ('orchestrator' | 'notifier')[];
  /** Whether the policy allows snapshots. */
  readonly snapshots: boolean;
  /** Absent until the orchestrator has counted something. */
  readonly alarms?: AlarmsView | undefined;
}

/** Alarms of the last weeks by what people found. Rooms without an alarm count in `watchedWeeks` only. */
export interface AlarmsView {
  /** Start of the period (ISO 8601). */
  readonly since: string;
  /** Room-weeks of all rooms. */
  readonly watchedWeeks: number;
  readonly rooms: AlarmSummary['rooms'];
  readonly models: AlarmSummary['models'];
}

/** The whole site as the page shows it. */
export interface HouseView {
  readonly head: HouseHead;
  readonly rooms: Readonly<Record<string, RoomView>>;
  readonly incidents: Readonly<Record<string, IncidentView>>;
  /** By incident; they stay longer than the incidents. */
  readonly replays: Readonly<Record<string, ReplayView>>;
  readonly processors: Readonly<Record<string, ProcessorView>>;
  readonly commands: Readonly<Record<string, CommandView>>;
}

export const emptyView: HouseView = {
  head: { connected: false, since: '', snapshots: false, faults: [] },
  rooms: {},
  incidents: {},
  replays: {},
  processors: {},
  commands: {},
};
