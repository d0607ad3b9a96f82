import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createTopics } from '@vigilia/protocol';
import {
  type Bus,
  brokerCheck,
  brokerOptions,
  ChannelBus,
  createBus,
  createRegistry,
  HealthServer,
  type Logger,
  registerRejections,
  type Service,
  systemClock,
  UsageError,
} from '@vigilia/service';
import { type DocumentContext, localHourIn } from './documents/ecs.ts';
import { TraceRegistry } from './documents/trace-registry.ts';
import { createClient } from './elasticsearch/client.ts';
import { checkServer } from './elasticsearch/server-version.ts';
import { EventSink } from './event-sink.ts';
import { ContainerLogs } from './input/container-logs.ts';
import { connectDocker } from './input/docker-api.ts';
import { Intake } from './input/intake.ts';
import { LogFiles } from './input/log-files.ts';
import { Receiver } from './input/receiver.ts';
import { createSinkMetrics, type SinkMetrics } from './metrics.ts';
import { buildOutputs } from './output/build-outputs.ts';
import { type DeadLetter, DeadLetters } from './output/dead-letters.ts';
import type { Output } from './output/output.ts';
import { Pump } from './output/pump.ts';
import { RoomMinutes } from './rollup/room-minutes.ts';
import { SelfReport } from './self-report.ts';
import { hasElasticsearch } from './settings/elasticsearch-settings.ts';
import type { RunSettings } from './settings/run-settings.ts';
import { missingTemplates } from './setup/setup.ts';
import { Spool } from './spool/spool.ts';

/** What most parts are made with. */
interface Base {
  readonly settings: RunSettings;
  readonly logger: Logger;
  readonly metrics: SinkMetrics;
  readonly bootId: string;
  readonly stopping: AbortController;
  readonly traces: TraceRegistry;
  readonly context: () => DocumentContext;
}

const clock = systemClock;

/** Builds the sink: what reads, what keeps, what delivers, joined here and nowhere else. Nothing is started. */
export function buildSink(settings: RunSettings, logger: Logger): Service {
  const registry = createRegistry('event-sink', settings.instanceId);
  const localHour = localHourOf(settings.timeZone);
  const traces = new TraceRegistry();
  const base: Base = {
    settings,
    logger,
    metrics: createSinkMetrics(registry),
    bootId: randomBytes(4).toString('hex'),
    stopping: new AbortController(),
    traces,
    context: () => ({ receivedAtMs: clock.now(), namespace: settings.namespace, localHour, traces }),
  };
  const store = buildStore(base);
  const inputs = buildInputs(base, store);
  const bus = buildBus(base);
  const channelBus = new ChannelBus({ bus, roots: createTopics(settings.topicPrefix).roots, logger, clock });
  registerRejections(registry, channelBus);
  const report = new SelfReport({ ...base, ...store, intake: inputs.intake, clock });
  const health = new HealthServer({
    host: settings.healthHost,
    port: settings.healthPort,
    logger,
    live: () => ({ ok: true }),
    ready: () => report.readiness(brokerCheck(bus)),
    registry,
  });
  return new EventSink({
    ...base,
    ...store,
    ...inputs,
    bus: channelBus,
    report,
    health,
    missingTemplates: hasElasticsearch(settings) ? () => checkTemplates(settings) : undefined,
  });
}

/** What keeps and what delivers. */
function buildStore({ settings, logger, metrics }: Base) {
  const deadLetters = new DeadLetters({
    dir: join(settings.spoolDir, 'dead-letters'),
    clock,
    maxBytes: settings.deadLetterMaxBytes,
    onWritten: (letters) => reportDeadLetters(letters, logger, metrics),
    onDeleted: (file, bytes) =>
      logger.warn(
        { event: 'dead_letters_deleted', file, bytes },
        'the dead letters are full: the oldest file was deleted',
      ),
  });
  const outputs = buildOutputs(settings, { clock, logger, deadLetters, metrics });
  const spool = new Spool({
    dir: settings.spoolDir,
    maxBytes: settings.spoolMaxBytes,
    bulkSyncMs: settings.bulkSyncMs,
    outputs: outputs.map(({ name }) => name),
    clock,
    logger: logger.child({ component: 'spool' }),
    onDropped: (priority, records) => metrics.dropped.inc({ priority }, records),
  });
  const pumpOf = (output: Output): Pump =>
    new Pump({
      consumer: spool.consumer(output.name),
      output,
      deadLetters,
      clock,
      logger: logger.child({ component: 'output' }),
      maxRecords: settings.batchRecords,
      maxBytes: settings.batchBytes,
      lingerMs: settings.lingerMs,
      onDelivered: ({ stored, duplicates }) => {
        metrics.delivered.inc({ output: output.name }, stored);
        metrics.duplicates.inc({ output: output.name }, duplicates);
      },
      onDamage: (records) => metrics.damaged.inc({ output: output.name }, records),
    });
  return { deadLetters, outputs, spool, pumpOf };
}

function reportDeadLetters(letters: readonly DeadLetter[], logger: Logger, metrics: SinkMetrics): void {
  for (const { output, reason } of letters) metrics.deadLetters.inc({ output, reason: reason.type });
  const [first] = letters;
  const fields = {
    event: 'dead_letters',
    count: letters.length,
    output: first?.output,
    document_id: first?.id,
    reason: first?.reason,
  };
  logger.warn(
    fields,
    'documents were refused for good; see the dead-letter file, `vigilia event-sink replay` sends them again',
  );
}

/** What reads. */
function buildInputs(base: Base, { spool, deadLetters }: { spool: Spool; deadLetters: DeadLetters }) {
  const { settings, logger, metrics, bootId, stopping, traces, context } = base;
  const intake = new Intake({
    spool,
    deadLetters,
    clock,
    logger: logger.child({ component: 'intake' }),
    signal: stopping.signal,
    onRefused: ({ priority }, reason) => metrics.refused.inc({ reason, priority }),
  });
  const receiver = new Receiver({
    intake,
    minutes: new RoomMinutes(bootId),
    traces,
    context,
    clock,
    logger: logger.child({ component: 'receiver' }),
    onReceived: (input, stream) => metrics.received.inc({ input, stream }),
  });
  const positionsFile = (name: string) => join(settings.spoolDir, 'positions', `${name}.json`);
  const logs = { take: receiver.takeLines, clock, logger: logger.child({ component: 'logs' }) };
  const files = new LogFiles({ ...logs, paths: settings.logFiles, positionsFile: positionsFile('log-files') });
  if (settings.dockerUrl === undefined) return { intake, receiver, logInputs: [files] };
  const docker = connectDocker(settings.dockerUrl, settings.dockerLabel);
  const containers = new ContainerLogs({ ...logs, docker, positionsFile: positionsFile('containers') });
  return { intake, receiver, logInputs: [files, containers] };
}

function buildBus({ settings, logger }: Base): Bus {
  return createBus({
    ...brokerOptions(settings, settings.instanceId),
    clean: false,
    logger,
  });
}

async function checkTemplates(settings: RunSettings): Promise<string[]> {
  const client = createClient(settings);
  try {
    await checkServer(client);
    return await missingTemplates(client);
  } finally {
    await client.close();
  }
}

function localHourOf(timeZone: string): (epochMs: number) => number {
  try {
    return localHourIn(timeZone);
  } catch (cause) {
    const message = '--time-zone or TIME_ZONE must be a zone such as Europe/Madrid.';
    throw new UsageError({ code: 'invalid_settings', message, cause });
  }
}
