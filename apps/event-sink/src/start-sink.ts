import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Clock, type Logger, type ServiceScope, UsageError } from '@vigilia/service';
import { buildOutputs, outputNames } from './build-outputs.ts';
import type { SinkDocument } from './documents/document.ts';
import { type DocumentContext, localHourIn } from './documents/ecs.ts';
import { TraceRegistry } from './documents/trace-registry.ts';
import { createClient } from './elasticsearch/client.ts';
import { checkServer, UnsupportedServerError } from './elasticsearch/server-version.ts';
import { ContainerLogs } from './input/container-logs.ts';
import { connectDocker } from './input/docker-api.ts';
import { Intake } from './input/intake.ts';
import { LogFiles } from './input/log-files.ts';
import { subscribeAll } from './input/mqtt-input.ts';
import { Receiver } from './input/receiver.ts';
import { createSinkMetrics, type SinkMetrics } from './metrics.ts';
import { type DeadLetter, DeadLetters } from './output/dead-letters.ts';
import type { Output } from './output/output.ts';
import { Pump } from './output/pump.ts';
import { reportRecords } from './records-report.ts';
import { RoomMinutes } from './rollup/room-minutes.ts';
import { SelfReport } from './self-report.ts';
import { checkElasticsearchSettings, hasElasticsearch } from './settings/elasticsearch-settings.ts';
import type { RunSettings } from './settings/run-settings.ts';
import { missingTemplates } from './setup/setup.ts';
import { Spool } from './spool/spool.ts';
import { SpoolError } from './spool/spool-error.ts';

/** What most parts are made with. */
interface Base {
  readonly settings: RunSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: SinkMetrics;
  readonly bootId: string;
  readonly stopping: AbortController;
  readonly traces: TraceRegistry;
  readonly context: () => DocumentContext;
}

/** How long a stop may go on delivering what is spooled; the rest is delivered after the next start. */
const flushMs = 3000;

/**
 * Builds the sink and starts it from the outputs to the inputs; it stops the other way round, so that nothing comes in that has
 * nowhere to go.
 * @throws UsageError `invalid_settings`, `spool_locked`, `spool_unusable`, `port_in_use`
 */
export async function startSink(scope: ServiceScope<RunSettings>): Promise<void> {
  const { settings, logger } = scope;
  checkElasticsearchSettings(settings);
  const base = createBase(scope);
  const { deadLetters, outputs, spool, intake, pumpOf } = createStore(base);
  const { receiver, logInputs } = createInputs(base, intake);
  const { spoolDir, spoolMaxBytes, ndjsonDir } = settings;
  scope.writesTo({ name: 'spool', dir: spoolDir, usedBytes: () => spool.bytes, maxBytes: spoolMaxBytes });
  if (ndjsonDir !== undefined) {
    scope.writesTo({ name: 'files', dir: ndjsonDir });
  }
  const report = new SelfReport({ ...base, spool, deadLetters, outputs, intake });
  scope.onStop('spool', () => spool.close());
  await openSpool(spool);
  const pumps: Pump[] = [];
  for (const output of outputs) {
    const pump = pumpOf(output);
    scope.onStop(`output ${output.name}`, () => pump.stop(flushMs));
    await pump.start();
    pumps.push(pump);
  }
  await scope.startHealth((broker) => report.readiness(broker));
  scope.onStop('log inputs', () => Promise.all(logInputs.map((input) => input.stop())));
  for (const input of logInputs) {
    await input.start();
  }
  if (hasElasticsearch(settings)) {
    void reportMissingSetup(settings, logger);
  }
  const bus = scope.connect({ clean: false, forgetsOnMove: false });
  // a message that waits for room on the disk must not hold the broker connection open
  scope.onStop('waiting messages', () => base.stopping.abort(new Error('the sink stops')));
  scope.onStop('receiver', () => receiver.stop());
  receiver.start(() => bus.bus.health().connected);
  scope.onStop('self report', () => report.stop());
  report.start(pumps);
  reportRecords({ bus, settings, clock: base.clock, logger });
  subscribeAll({ bus, take: receiver.takeMessage, takeRejected: receiver.takeRejected });
  scope.signal.throwIfAborted();
  await bus.bus.start(scope.signal);
}

function createBase({ settings, clock, logger, registry }: ServiceScope<RunSettings>): Base {
  const localHour = localHourOf(settings.timeZone);
  const traces = new TraceRegistry();
  return {
    settings,
    clock,
    logger,
    metrics: createSinkMetrics(registry),
    bootId: randomBytes(4).toString('hex'),
    stopping: new AbortController(),
    traces,
    context: () => ({ receivedAtMs: clock.now(), namespace: settings.namespace, localHour, traces }),
  };
}

async function openSpool(spool: Spool): Promise<void> {
  try {
    await spool.open();
  } catch (cause) {
    if (cause instanceof SpoolError) throw new UsageError({ code: cause.code, message: cause.message, cause });
    throw cause;
  }
}

/** What keeps and what delivers. */
function createStore({ settings, clock, logger, metrics, stopping, context }: Base) {
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
  const spool = new Spool({
    dir: settings.spoolDir,
    maxBytes: settings.spoolMaxBytes,
    bulkSyncMs: settings.bulkSyncMs,
    outputs: outputNames(settings),
    clock,
    logger: logger.child({ component: 'spool' }),
    onDropped: (priority, records) => metrics.dropped.inc({ priority }, records),
  });
  const intake = new Intake({
    spool,
    deadLetters,
    clock,
    logger: logger.child({ component: 'intake' }),
    signal: stopping.signal,
    onRefused: ({ priority }, reason) => metrics.refused.inc({ reason, priority }),
  });
  const accept = (document: SinkDocument): Promise<void> => intake.accept(document);
  const outputs = buildOutputs(settings, { clock, logger, deadLetters, metrics, context, accept });
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
  return { deadLetters, outputs, spool, intake, pumpOf };
}

function reportDeadLetters(letters: readonly DeadLetter[], logger: Logger, metrics: SinkMetrics): void {
  for (const { output, reason } of letters) {
    metrics.deadLetters.inc({ output, reason: reason.type });
  }
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
function createInputs(base: Base, intake: Intake) {
  const { settings, clock, logger, metrics, bootId, traces, context } = base;
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
  if (settings.dockerUrl === undefined) return { receiver, logInputs: [files] };
  const docker = connectDocker(settings.dockerUrl, settings.dockerLabel);
  const containers = new ContainerLogs({ ...logs, docker, positionsFile: positionsFile('containers') });
  return { receiver, logInputs: [files, containers] };
}

async function reportMissingSetup(settings: RunSettings, logger: Logger): Promise<void> {
  try {
    const missing = await checkTemplates(settings);
    if (missing.length > 0) {
      logger.warn(
        { event: 'setup_missing', templates: missing },
        'Elasticsearch is not set up: run vigilia event-sink setup; documents wait in the spool',
      );
    }
  } catch (err) {
    if (err instanceof UnsupportedServerError) {
      logger.error({ event: err.code, version: err.version }, err.message);
      return;
    }
    // Elasticsearch may be offline, or this key may not read templates: delivery reports what matters.
    logger.debug({ event: 'setup_unknown', err }, 'could not ask whether Elasticsearch is set up');
  }
}

/** Asks Elasticsearch for its version and for what set-up has not done. @throws UnsupportedServerError */
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
