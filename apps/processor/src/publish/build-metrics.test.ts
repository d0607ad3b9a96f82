import { metricsReportSchema, metricsSchema } from '@vigilia/protocol';
import { buildMetrics, buildReport, type MetricsFacts } from './build-metrics.ts';
import { createIdentity } from './identity.ts';
import { ProcessUsageMeter } from './process-usage.ts';

const facts: MetricsFacts = {
  identity: createIdentity({ instanceId: 'a', role: 'home' }),
  nowMs: 0,
  uptimeMs: 5000,
  rooms: [
    {
      sourceId: 3,
      counters: {
        received: 10,
        analysed: 8,
        skipped: 1,
        fps: 0.4999,
        lastFrameMs: 0,
        people: 1,
        fall: 'none',
        blindMs: { frozen: 1500 },
        unwatchedMs: { frozen: 1540, model_busy: 500 },
      },
    },
  ],
  models: [{ modelId: 'm', stats: { restarts: 1, lost: 2, failed: 3, usualMs: 100.04, provider: 'webgpu', pid: 7 } }],
  usage: { memoryBytes: 123_456_789, cpuPercent: 12.34 },
};

it('the light report names each room with what was seen, missed and unwatched', () => {
  const report = metricsSchema.parse(buildMetrics(facts));
  expect(report.rooms[0]).toMatchObject({
    source_id: 3,
    offered: 10,
    analysed: 8,
    skipped: 1,
    people: 1,
    blind_seconds: { frozen: 1.5 },
    unwatched_seconds: 2,
    unwatched_by_cause: { frozen: 1.5, model_busy: 0.5 },
  });
  expect(report).toMatchObject({ memory_mb: 123.5, cpu_percent: 12.3, inference_time_ms: 100, uptime_seconds: 5 });
});

it('the full report adds models and commands', () => {
  const report = metricsReportSchema.parse(buildReport(facts, { commandId: 'c', commands: { restart: 2 } }));
  expect(report.models).toEqual([
    { model_id: 'm', pid: 7, restarts: 1, lost: 2, failed: 3, provider: 'webgpu', usual_ms: 100 },
  ]);
  expect(report).toMatchObject({ command_id: 'c', commands: { restart: 2 } });
});

it('the meter counts this process and what it started', () => {
  const meter = new ProcessUsageMeter();
  const first = meter.read(0);
  expect(first.memoryBytes).toBeGreaterThan(10_000_000);
  expect(first.cpuPercent).toBeUndefined();
  // The kernel counts in ticks of 10 ms, and a busy machine may give us none for a while: work until it shows.
  let percent = 0;
  for (let second = 1, sum = 0; percent === 0 && second < 100; second++) {
    for (const end = performance.now() + 60; performance.now() < end; sum++) {
      Math.sqrt(sum);
    }
    percent = meter.read(second * 1000).cpuPercent ?? 0;
  }
  expect(percent).toBeGreaterThan(0);
});
