import { type AlertTargetReport, type ReportedFolder, serviceReportIntervalMs } from '@vigilia/protocol';
import type { House, ServiceFacts } from './house.ts';

interface OfService {
  readonly about: 'service';
  readonly id: string;
  /** `processor`, `orchestrator`, `event-sink` … */
  readonly service: string;
}

/** What is right or wrong with what a service reports of itself. Sizes in bytes. */
export type ServiceFinding =
  | (OfService & { readonly result: 'ok'; readonly code?: undefined; readonly version: string })
  | (OfService & {
      readonly result: 'warning' | 'failed';
      readonly code: 'disk_nearly_full';
      readonly folder: string;
      readonly freeBytes: number;
    })
  | (OfService & {
      readonly result: 'warning';
      readonly code: 'spool_nearly_full';
      readonly folder: string;
      readonly usedPercent: number;
    })
  | (OfService & {
      readonly result: 'warning';
      readonly code: 'clock_differs';
      /** By how much its clock is ahead of the clock of the machine that judges; negative when it is behind. */
      readonly aheadSeconds: number;
    })
  | (OfService & {
      readonly result: 'failed';
      readonly code: 'alert_target_failing';
      readonly target: string;
      readonly error: string | undefined;
      readonly remedy: string | undefined;
    })
  | (OfService & { readonly result: 'failed'; readonly code: 'event_sink_silent' });

/** Services that run different versions. */
export interface VersionsFinding {
  readonly about: 'versions';
  readonly result: 'warning';
  readonly code: 'versions_differ';
  readonly versions: readonly { readonly version: string; readonly ids: readonly string[] }[];
}

const mib = 1024 * 1024;
const disk = { warnBytes: 1024 * mib, failBytes: 200 * mib };
const spoolWarnShare = 0.8;
/** Clocks that differ by more make times of different services contradict each other. */
const clockWarnMs = 2000;
/** Three reports are missing. */
const silentAfterMs = 35_000;

/** Returns whether services that run may not have reported yet. */
export function isTooEarlyForReports({ connectionSinceMs }: House, nowMs: number): boolean {
  return nowMs - connectionSinceMs < serviceReportIntervalMs + 1000;
}

/** Returns whether what a service reported of itself is current. */
export function isReporting({ report, atMs }: ServiceFacts, nowMs: number): boolean {
  return report.state === 'running' && nowMs - atMs <= silentAfterMs;
}

/** Returns by how much the clock of a service is ahead, ms: a message that was delayed makes a clock seem late, never early. */
export function clockAheadMs({ clockAheadMs: latest }: ServiceFacts): number {
  return Math.max(...latest);
}

/** Judges what services report of themselves, and whether their versions agree; pure. */
export function judgeServices(house: House, nowMs: number): readonly (ServiceFinding | VersionsFinding)[] {
  const all = [...house.services.values()].sort((a, b) => a.report.instance_id.localeCompare(b.report.instance_id));
  const current = all.filter((facts) => isReporting(facts, nowMs));
  const silent = all.filter((facts) => !current.includes(facts) && isMissed(house, facts, nowMs));
  return [...versionsOf(current), ...current.flatMap(findingsOf), ...silent.map(silence)];
}

/** The other services have a status of their own, by which they are judged; a console that ended is not missed on this page. */
function isMissed({ connectionSinceMs }: House, { report, atMs }: ServiceFacts, nowMs: number): boolean {
  const isHeard = nowMs - Math.max(atMs, connectionSinceMs) <= silentAfterMs;
  return report.service === 'event-sink' && (report.state === 'stopped' || !isHeard);
}

function silence({ report: { instance_id: id, service } }: ServiceFacts): ServiceFinding {
  return { about: 'service', id, service, result: 'failed', code: 'event_sink_silent' };
}

function versionsOf(current: readonly ServiceFacts[]): VersionsFinding[] {
  const different = [...new Set(current.map(({ report }) => report.version))].sort();
  if (different.length < 2) return [];
  const versions = different.map((version) => {
    const ofVersion = current.filter(({ report }) => report.version === version);
    return { version, ids: ofVersion.map(({ report }) => report.instance_id) };
  });
  return [{ about: 'versions', result: 'warning', code: 'versions_differ', versions }];
}

function findingsOf(facts: ServiceFacts): ServiceFinding[] {
  const { instance_id: id, service, version, folders, alert_targets: targets = [] } = facts.report;
  const of: OfService = { about: 'service', id, service };
  const findings = [
    ...folders.flatMap((folder) => folderFindings(of, folder)),
    ...clockFinding(of, clockAheadMs(facts)),
    ...targets.filter(({ ok }) => !ok).map((target) => targetFinding(of, target)),
  ];
  return findings.length === 0 ? [{ ...of, result: 'ok', version }] : findings;
}

function folderFindings(of: OfService, folder: ReportedFolder): ServiceFinding[] {
  const { name, free_bytes: freeBytes, used_bytes: used = 0, max_bytes: max } = folder;
  const findings: ServiceFinding[] = [];
  if (freeBytes < disk.warnBytes) {
    const result = freeBytes < disk.failBytes ? 'failed' : 'warning';
    findings.push({ ...of, result, code: 'disk_nearly_full', folder: name, freeBytes });
  }
  if (max !== undefined && used >= spoolWarnShare * max) {
    const usedPercent = Math.round((100 * used) / max);
    findings.push({ ...of, result: 'warning', code: 'spool_nearly_full', folder: name, usedPercent });
  }
  return findings;
}

function clockFinding(of: OfService, aheadMs: number): ServiceFinding[] {
  if (Math.abs(aheadMs) <= clockWarnMs) return [];
  return [{ ...of, result: 'warning', code: 'clock_differs', aheadSeconds: Math.round(aheadMs / 100) / 10 }];
}

function targetFinding(of: OfService, { name, error, remedy }: AlertTargetReport): ServiceFinding {
  return { ...of, result: 'failed', code: 'alert_target_failing', target: name, error, remedy };
}
