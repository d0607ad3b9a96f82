import { type MetricsMessage, type MetricsReport, type RoomMetrics, withoutUndefined } from '@vigilia/protocol';
import type { ModelHost } from '../model/supervised-model-host.ts';
import type { RoomCounters } from '../room/room-monitor.ts';
import type { Identity } from './identity.ts';
import type { ProcessUsage } from './process-usage.ts';

export interface MetricsFacts {
  readonly identity: Identity;
  readonly nowMs: number;
  readonly uptimeMs: number;
  readonly rooms: readonly { readonly sourceId: number; readonly counters: RoomCounters }[];
  readonly models: readonly Pick<ModelHost, 'modelId' | 'stats'>[];
  /** Of the whole process tree: ffmpeg and the model hosts included. */
  readonly usage: ProcessUsage;
}

/** `nvr/status/metrics/{instance_id}`: what is worth sending every few seconds. */
export function buildMetrics(facts: MetricsFacts): MetricsMessage {
  const usual = facts.models.flatMap(({ stats }) => stats.usualMs ?? []);
  return withoutUndefined({
    instance_id: facts.identity.instanceId,
    boot_id: facts.identity.bootId,
    timestamp: new Date(facts.nowMs).toISOString(),
    uptime_seconds: seconds(facts.uptimeMs),
    rooms: facts.rooms.map(({ sourceId, counters }) => roomMetrics(sourceId, counters)),
    inference_time_ms: usual.length > 0 ? Math.round(Math.max(...usual) * 10) / 10 : undefined,
    memory_mb: Math.round(facts.usage.memoryBytes / 1e5) / 10,
    cpu_percent: facts.usage.cpuPercent === undefined ? undefined : Math.round(facts.usage.cpuPercent * 10) / 10,
  });
}

/** `nvr/control/status/metrics/{instance_id}`: everything, after the command `metrics`. */
export function buildReport(
  facts: MetricsFacts,
  extra: { commandId: string; commands: Readonly<Record<string, number>> },
): MetricsReport {
  return {
    ...buildMetrics(facts),
    command_id: extra.commandId,
    models: facts.models.map(({ modelId, stats }) =>
      withoutUndefined({
        model_id: modelId,
        pid: stats.pid,
        restarts: stats.restarts,
        lost: stats.lost,
        failed: stats.failed,
        provider: stats.provider,
        usual_ms: stats.usualMs === undefined ? undefined : Math.round(stats.usualMs * 10) / 10,
      }),
    ),
    commands: { ...extra.commands },
  };
}

function roomMetrics(sourceId: number, counters: RoomCounters): RoomMetrics {
  return {
    source_id: sourceId,
    fps: Math.round(counters.fps * 1000) / 1000,
    offered: counters.received,
    analysed: counters.analysed,
    skipped: counters.skipped,
    blind_seconds: secondsByCause(counters.blindMs),
    unwatched_seconds: seconds(Object.values(counters.unwatchedMs).reduce((sum, ms) => sum + ms, 0)),
    unwatched_by_cause: secondsByCause(counters.unwatchedMs),
    people: counters.people,
    fall: counters.fall,
  };
}

function secondsByCause(ms: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(ms).map(([cause, one]) => [cause, seconds(one)]));
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
