import type { SiteFinding } from '@vigilia/house';

/** A service that reports over MQTT, as it last described itself. */
export interface ServiceView {
  readonly kind: 'orchestrator' | 'notifier' | 'home' | 'dedicated';
  readonly id: string;
  readonly status: string;
  /** Of its program; left out where the service does not report it. */
  readonly version?: string;
  readonly health?: string;
  /** ISO 8601; left out where the service does not report it. */
  readonly startedAt?: string;
  /** Time of its last report, by its own clock (ISO 8601). */
  readonly heardAt?: string;
  readonly rooms?: number;
  /** Percent of the due analyses of the last one to two minutes that were skipped; left out while it is not known. */
  readonly skippedPercent?: number;
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

/** `GET api/system`: the parts of the system, for technicians. */
export interface SystemView {
  readonly console: { readonly version: string; readonly startedAt: string };
  readonly broker: { readonly connected: boolean; readonly since: string };
  /** Whether the console serves https itself; otherwise `certificates` is empty. */
  readonly tls: boolean;
  readonly certificates: readonly CertificateView[];
  readonly services: readonly ServiceView[];
  /** The judgement of `vigilia status --check`, without what is right; empty while the broker is unreachable. */
  readonly findings: readonly SiteFinding[];
}
