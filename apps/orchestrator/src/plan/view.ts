import type {
  AlarmFigures,
  DesiredRoom,
  FallReport,
  FollowedSetting,
  Incident,
  OrchestratorCommand,
  PolicyHistory,
  ProcessorStatusName,
  RoomFall,
  SetBy,
  SettingOwner,
  StreamStatus,
} from '@vigilia/protocol';

/** Both clocks at one moment: durations run on `monoMs`, `wallMs` is only written down. */
export interface Now {
  /** Epoch milliseconds; may jump. */
  readonly wallMs: number;
  /** Milliseconds from an arbitrary origin; never goes back. */
  readonly monoMs: number;
}

/** A room as its processor's last status describes it. */
export interface StreamView {
  readonly modelId: string;
  readonly maxFps: number;
  /** Address of its camera without credentials; undefined: not known yet. */
  readonly uri?: string | undefined;
  readonly state: StreamStatus['state'];
  readonly zonesConfigured: boolean;
  /** Set on this processor; undefined: they came with the room, or there are none. */
  readonly zones?: DesiredRoom['zones'];
  /** Corrections of the frames that it was given; missing: none. */
  readonly aspect?: string | undefined;
  readonly rotate?: DesiredRoom['rotate'];
  /** Who set what; undefined: its processor is of an earlier version and does not state it. */
  readonly setBy?: SetBy | undefined;
}

/** What an operator set of a room, as the processor stated it. */
export interface OperatorChange {
  readonly owner: SettingOwner;
  readonly fields: Partial<DesiredRoom>;
}

/** One processor, home or dedicated, as far as it is known. All times are monotonic milliseconds. */
export interface ObservedProcessor {
  readonly instanceId: string;
  readonly bootId: string;
  readonly role: 'home' | 'dedicated';
  readonly incidentId?: string | undefined;
  readonly status: ProcessorStatusName;
  /** False without `--enable-control`: it cannot be commanded. */
  readonly control: boolean;
  /** Last message of this boot; for a retained status the moment it was read. */
  readonly lastSignMs: number;
  /** A message that was not retained came from this boot since the last connect: it lives. */
  readonly confirmed: boolean;
  /** Another life of the same name was heard since: which one is there has to be asked. */
  readonly doubted?: true;
  readonly bootSeenMs: number;
  /** Since when it may take its time to come back to its rooms; lives that ended right after they began count together. */
  readonly comingSinceMs: number;
  readonly offlineSinceMs?: number;
  readonly streams: ReadonlyMap<number, StreamView>;
  /** What its rooms are monitored with unless they have their own. */
  readonly defaults: { readonly max_fps?: number; readonly model_id?: string };
  /** The last change of each setting of a room that an operator made, also when it was changed again since. */
  readonly operatorChanges: ReadonlyMap<number, ReadonlyMap<FollowedSetting, OperatorChange>>;
  /** Rooms that an operator removed. */
  readonly removed: ReadonlyMap<number, SettingOwner>;
  /** Its name before it was renamed. */
  readonly renamedFrom?: string;
  /** Last detection message for a room, from this boot and since it took the room. */
  readonly detections: ReadonlyMap<number, number>;
  /** Since when its detections for a room have come without a break. */
  readonly seenSince: ReadonlyMap<number, number>;
  /** When its status first named the room without a break (this boot). */
  readonly listedSince: ReadonlyMap<number, number>;
  /** Which of `processor_online`, `processor_offline` was published last. */
  readonly announced?: 'online' | 'offline';
  /** Measured milliseconds of one inference. */
  readonly inferenceMs?: number;
}

/** What `nvr/rooms/{source_id}` and the detections show of the person in a room. */
export interface ObservedRoom {
  readonly fall: RoomFall['state'];
  /** A person lies on the floor as far as the last watcher could see. */
  readonly down: boolean;
  /** Since when a person is up (or in bed), without a break; undefined while down or not seen up since the last fall report. */
  readonly upSinceMs?: number;
  /** Since when every person in view has been up or in bed, also before a fall report. */
  readonly noneLowSinceMs?: number;
}

/** An incident and, for each of its times, the monotonic moment it stands for. */
export interface TimedIncident {
  readonly incident: Incident;
  readonly anchors: ReadonlyMap<string, number>;
}

/** A dedicated processor as the runtime lists it, whether or not it ever connected. */
export interface RuntimeInstance {
  readonly instanceId: string;
  /** Empty or missing: a standby. */
  readonly incidentId?: string | undefined;
  readonly sourceIds: readonly number[];
  readonly state: 'running' | 'exited';
  readonly startedMs: number;
}

export interface RuntimeView {
  /** The runtime has answered `list` since the orchestrator started. */
  readonly listed: boolean;
  /** The last `list` failed: `instances` may be old. */
  readonly unreachable?: boolean;
  /** When it answered last. */
  readonly listedMs?: number;
  readonly instances: ReadonlyMap<string, RuntimeInstance>;
  /** What the host offers; undefined when the runtime does not know. */
  readonly capacity?: { readonly cpus: number; readonly memoryMb: number } | undefined;
}

export interface Failure {
  readonly count: number;
  readonly code: string;
  readonly message: string;
  readonly lastMs: number;
  readonly retryAtMs: number;
}

/** What came in and waits for a decision. `id` is settled by the plan that decided it. */
export type InboxItem =
  | {
      readonly id: string;
      readonly kind: 'fall';
      readonly type: string;
      readonly report: FallReport;
      /** Identifies the bytes of the report. */
      readonly fingerprint: string;
      /** The broker may have delivered it before. */
      readonly redelivered: boolean;
    }
  /** A fall report that names no room. */
  | { readonly id: string; readonly kind: 'unreadable_fall'; readonly reason: string; readonly fingerprint: string }
  | { readonly id: string; readonly kind: 'request'; readonly command: OrchestratorCommand };

/** How long rooms were watched, and how long each model watched rooms, in milliseconds. */
export interface WatchedTime {
  readonly roomMs: ReadonlyMap<number, number>;
  readonly modelMs: ReadonlyMap<string, number>;
  /** When counting began, monotonic. */
  readonly sinceMs: number;
}

/** Everything the planner may know. It never reads a clock, a file or the network. */
export interface View {
  /** The orchestrator's own name, for the events it writes. */
  readonly self: string;
  readonly processors: ReadonlyMap<string, ObservedProcessor>;
  readonly rooms: ReadonlyMap<number, ObservedRoom>;
  /** Undefined: nothing retained, so it is to be seeded from the policy. */
  readonly desired: ReadonlyMap<number, DesiredRoom> | undefined;
  /** When rooms were removed (ISO 8601): processors that monitor them let go of them. */
  readonly removedRooms: ReadonlyMap<number, string>;
  readonly desiredRevision: number;
  /** Who changed the policy that is in force. */
  readonly policyHistory: PolicyHistory;
  readonly incidents: ReadonlyMap<string, TimedIncident>;
  /** The alarms and watched hours of the last weeks; undefined: nothing was counted yet. */
  readonly alarmFigures: AlarmFigures | undefined;
  /** What was watched since those figures were published. */
  readonly watched: WatchedTime;
  /** Monotonic ms of the fall of each replay that is on the broker, by its incident. */
  readonly replays: ReadonlyMap<string, number>;
  readonly runtime: RuntimeView;
  readonly inbox: readonly InboxItem[];
  /** Keys of acts under way. */
  readonly pending: ReadonlySet<string>;
  readonly failures: ReadonlyMap<string, Failure>;
  /** When the last incident was opened, for the limit of incidents a second. */
  readonly lastOpenedMs?: number | undefined;
  /** When the view became whole: no processor is given up in the first seconds after it. */
  readonly wholeSinceMs: number;
}
