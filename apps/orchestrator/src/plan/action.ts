import type {
  AlarmFigures,
  Command,
  CommandAuthor,
  DesiredRooms,
  ErrorCode,
  Incident,
  Policy,
  PolicyHistory,
  VigiliaEvent,
} from '@vigilia/protocol';
import type { WatchedTime } from './view.ts';

/** What a dedicated processor is started with. Nothing of it becomes a command line unchecked: see `runtime/`. */
export interface DedicatedSpec {
  /** `{home}_{n}`. */
  readonly instanceId: string;
  /** Undefined: a standby. */
  readonly incidentId?: string | undefined;
  readonly sourceIds: readonly number[];
  /** Undefined: the processor's own default. */
  readonly modelId?: string | undefined;
  /** What computes the model, in the order in which it is tried; undefined: the processor's own default. */
  readonly providers?: readonly string[] | undefined;
  readonly maxFps: number;
  readonly traceId?: string | undefined;
}

/** The answer to a person's command. */
export interface Answer {
  readonly ok: boolean;
  readonly message: string;
  readonly code?: ErrorCode;
  readonly field?: string;
  readonly result?: Readonly<Record<string, unknown>>;
}

/**
 * What the planner wants done. The records come first, in order, and each must be acknowledged by the broker before any
 * act of the same plan starts: what must outlast a crash is written down before it is done.
 */
export type Action = RecordAction | Act;

export type RecordAction =
  | { readonly kind: 'publish_incident'; readonly incident: Incident }
  | { readonly kind: 'clear_incident'; readonly incidentId: string }
  | { readonly kind: 'clear_replay'; readonly incidentId: string }
  | { readonly kind: 'publish_rooms'; readonly rooms: DesiredRooms }
  /** The figures of alarms, in which this watched time is counted. */
  | { readonly kind: 'publish_alarm_figures'; readonly figures: AlarmFigures; readonly counted: WatchedTime }
  | { readonly kind: 'publish_policy'; readonly policy: Policy; readonly history: PolicyHistory }
  | {
      readonly kind: 'publish_event';
      readonly event: VigiliaEvent;
      /** The change of a processor's presence that this event reports. */
      readonly announces?: { readonly instanceId: string; readonly as: 'online' | 'offline' };
    }
  /** Clears the retained status and metrics of a dedicated processor that has ended. */
  | { readonly kind: 'clear_processor'; readonly instanceId: string }
  /** The inbox item is decided; only now may its message be acknowledged to the broker. */
  | { readonly kind: 'settle'; readonly id: string; readonly answer?: Answer };

/** Acts take time and can fail. At most one with the same `key` is under way; a failure is a fact for the next look. */
export type Act =
  | {
      readonly kind: 'command';
      readonly key: string;
      readonly instanceId: string;
      readonly command: Command;
      /** Undefined: the incident that the command belongs to, or else the policy. */
      readonly author?: CommandAuthor | undefined;
      readonly why: string;
      readonly incidentId?: string | undefined;
      readonly traceId?: string | undefined;
      /** Published once the command completed. */
      readonly tells?: VigiliaEvent | undefined;
    }
  | { readonly kind: 'spawn'; readonly key: string; readonly spec: DedicatedSpec; readonly why: string }
  | {
      readonly kind: 'stop';
      readonly key: string;
      readonly instanceId: string;
      readonly why: string;
      readonly incidentId?: string | undefined;
      readonly traceId?: string | undefined;
    };

/** Returns who wants the command of an act. */
export function authorOfAct({ author, incidentId }: Extract<Act, { kind: 'command' }>): CommandAuthor {
  if (author !== undefined) return author;
  return incidentId === undefined ? { by: 'policy' } : { by: 'orchestrator', incident_id: incidentId };
}

export function isAct(action: Action): action is Act {
  return action.kind === 'command' || action.kind === 'spawn' || action.kind === 'stop';
}

/** The result of one look. */
export interface Plan {
  readonly actions: readonly Action[];
  /** Monotonic time at which the plan may change although nothing happens; undefined: no such time. */
  readonly wakeAtMs?: number;
}
