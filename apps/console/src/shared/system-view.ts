import type { SiteFinding } from '@vigilia/house';
import type { AlertTargetReport, RecordsState, ReportedFolder, ServiceTrouble } from '@vigilia/protocol';

/** A service as it last described itself. */
export interface ServiceView {
  readonly kind: 'console' | 'orchestrator' | 'notifier' | 'event-sink' | 'home' | 'dedicated';
  readonly id: string;
  readonly status: string;
  readonly health?: string;
  /** ISO 8601; left out where it is not known. */
  readonly startedAt?: string;
  /** Time of its last report, by its own clock (ISO 8601). */
  readonly heardAt?: string;
  readonly rooms?: number;
  /** Ids of the models that its rooms use. */
  readonly models?: readonly string[];
  /** Percent of the due analyses of the last one to two minutes that were skipped; left out while it is not known. */
  readonly skippedPercent?: number;
  /** What follows is left out of services that do not report it. */
  readonly version?: string;
  readonly folders?: readonly ReportedFolder[];
  /** Negative when its clock is behind that of the console. */
  readonly clockAheadSeconds?: number;
  /** Newest first. */
  readonly troubles?: readonly ServiceTrouble[];
}

/** When a certificate of the page, or its authority, ends. */
export interface CertificateView {
  readonly what: 'certificate' | 'authority';
  /** ISO 8601. */
  readonly expiresAt: string;
  /** Negative when it has expired. */
  readonly daysLeft: number;
  readonly state: 'valid' | 'ends_soon' | 'expired';
}

/** How long an event sink keeps records, in days. */
export interface RecordsView {
  /** Instance id of the event sink. */
  readonly id: string;
  /** `elasticsearch`, `ndjson` (files), `reports`. */
  readonly outputs: readonly string[];
  readonly keptDays: RecordsState['kept_days'];
}

/** `GET api/system`: the parts of the system, for technicians. */
export interface SystemView {
  readonly broker: { readonly connected: boolean; readonly since: string };
  /** Whether the console serves https itself; otherwise `certificates` is empty. */
  readonly tls: boolean;
  readonly certificates: readonly CertificateView[];
  /** The console that answers first. */
  readonly services: readonly ServiceView[];
  /** Left out while no notifier reports any. */
  readonly alertTargets?: readonly AlertTargetReport[];
  /** Empty where no event sink has reported what it keeps. */
  readonly records: readonly RecordsView[];
  /** The judgement of `vigilia status --check`, without what is right; empty while the broker is unreachable. */
  readonly findings: readonly SiteFinding[];
}
