import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTopics } from '@vigilia/protocol';
import {
  type Bus,
  ChannelBus,
  createBus,
  createLogger,
  EXIT,
  ExitRequest,
  type Logger,
  redactUrl,
  standardOutput,
  systemClock,
  Teardown,
  UsageError,
  within,
} from '@vigilia/service';
import type { EmbeddedBroker } from '@vigilia/service/embedded-broker';
import { stringify } from 'yaml';
import { brokerUnreachable } from '../client/connect.ts';
import { repoRoot } from '../repo-root.ts';
import { readDemo } from './demo.ts';
import { endDedicated } from './end-dedicated.ts';
import { pickPort } from './pick-port.ts';
import { jsonPrinter, type TimelinePrinter, textPrinter } from './print.ts';
import { readSiteMessages } from './read-site-messages.ts';
import { parseRoomsFlag } from './room-list.ts';
import { runOnce } from './run-once.ts';
import { planSite, policyFor, type SitePlanOptions } from './site-plan.ts';
import { SiteProcesses, startBroker } from './site-processes.ts';
import type { StartSettings } from './start-settings.ts';
import { TimelineReporter } from './timeline-reporter.ts';

/** The demonstration's clips begin this long after the start, when every room is expected to be watched, also on a slow machine. */
const storyDelayMs = 15_000;
const connectLimitMs = 10_000;
/** Longest duration of the teardown: the services have half of it, and each ends within 8 s or is killed. */
const stopLimitMs = 60_000;

/** Runs all services until Ctrl-C or, with `--once`, to the end of the story. Resolves with the exit code. */
export async function runStart(settings: StartSettings, signal: AbortSignal): Promise<number> {
  const teardown = new Teardown({ clock: systemClock, limitMs: stopLimitMs });
  try {
    return await runHouse(settings, { teardown, signal });
  } finally {
    await teardown.run();
  }
}

async function runHouse(
  settings: StartSettings,
  { teardown, signal }: { readonly teardown: Teardown; readonly signal: AbortSignal },
): Promise<number> {
  const clock = systemClock;
  const printer = createPrinter(settings.json, clock.now());
  const dataDir = resolve(settings.dataDir);
  const logDir = `${dataDir}/logs`;
  mkdirSync(logDir, { recursive: true });
  await checkAlerts(settings.alerts);
  const logger = createLogger({
    logger: 'vigilia.start',
    instanceId: 'start',
    destination: createWriteStream(`${logDir}/start.ndjson`, { flags: 'a' }),
  });
  const broker = settings.mqttUrl === undefined ? await ownBroker(settings.port, logger, printer) : undefined;
  teardown.add('broker', () => broker?.stop());
  const mqttUrl = settings.mqttUrl ?? broker?.url ?? '';
  const consolePort = await pickPort(settings.consolePort);
  const plan = { ...houseOptions(settings, mqttUrl, dataDir, clock.now() + storyDelayMs), consolePort };
  const topics = createTopics();
  const clientId = `vigilia-start-${randomBytes(6).toString('hex')}`;
  const bus = createBus({ url: mqttUrl, leaderTopic: topics.leaderPresence, clientId, logger });
  const channelBus = new ChannelBus({ bus, roots: topics.roots, logger, clock });
  const house = new SiteProcesses({
    services: planSite(plan),
    logDir,
    clock,
    onTrouble: (text) => printer.note(text),
    endDedicated: () => endDedicated(`${dataDir}/orchestrator`),
  });
  teardown.add('broker connection', () => bus.stop());
  await connectOrExplain(bus, mqttUrl, signal);
  const reporter = new TimelineReporter({ rooms: plan.rooms, maxFps: plan.maxFps, clock, printer });
  await readSiteMessages(channelBus, (input) => reporter.take(input));
  teardown.add('services', () => house.stop());
  house.start();
  printer.note(`Web page http://127.0.0.1:${consolePort}/`);
  printer.note(`Broker ${redactUrl(mqttUrl)} · rooms ${plan.rooms.join(', ')} · logs in ${logDir}`);
  return tellStory({ settings, bus: channelBus, reporter, printer, signal });
}

/** Reports a mistake in the alerts file before anything is started. @throws UsageError of `loadAlerts` */
async function checkAlerts(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  const { loadAlerts } = await import('@vigilia/notifier');
  await loadAlerts(file, process.env);
}

/** @throws UsageError `broker_unreachable` */
async function connectOrExplain(bus: Bus, url: string, signal: AbortSignal): Promise<void> {
  using limit = within(connectLimitMs, signal);
  try {
    await bus.start(limit.signal);
  } catch (cause) {
    throw signal.aborted ? new ExitRequest(EXIT.ok) : brokerUnreachable(url, connectLimitMs / 1000, cause);
  }
}

async function tellStory(o: {
  settings: StartSettings;
  bus: ChannelBus;
  reporter: TimelineReporter;
  printer: TimelinePrinter;
  signal: AbortSignal;
}): Promise<number> {
  const { settings, bus, reporter, printer, signal } = o;
  if (!settings.once) {
    await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
    return EXIT.ok;
  }
  const missing = await runOnce({ bus, reporter, clock: systemClock, signal });
  printer.summary(reporter.unwatched());
  if (missing !== undefined) {
    printer.note(missing);
  }
  if (signal.aborted) return EXIT.secondSignal;
  return missing === undefined ? EXIT.ok : EXIT.failure;
}

function ownBroker(port: number, logger: Logger, printer: TimelinePrinter): Promise<EmbeddedBroker> {
  return startBroker(port, logger, (free) => printer.note(`Port ${port} is in use; the broker listens on ${free}.`));
}

function createPrinter(json: boolean, startedMs: number): TimelinePrinter {
  // the broker lives in this process: a terminal that was stopped with Ctrl-S must not stop it
  const write = (line: string) => standardOutput().write(`${redactUrl(line)}\n`);
  if (json) return jsonPrinter({ write, note: (text) => void process.stderr.write(`${redactUrl(text)}\n`) });
  const colour = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
  return textPrinter({ write, colour, startedMs });
}

function houseOptions(
  settings: StartSettings,
  mqttUrl: string,
  dataDir: string,
  storyStartMs: number,
): Omit<SitePlanOptions, 'consolePort'> {
  const root = repoRoot();
  const modelsDir = resolve(settings.modelsDir ?? `${root}/.cache/vigilia/models`);
  const entries = {
    processor: mainOf('@vigilia/processor'),
    orchestrator: mainOf('@vigilia/orchestrator'),
    eventSink: mainOf('@vigilia/event-sink'),
    console: mainOf('@vigilia/console'),
    notifier: mainOf('@vigilia/notifier'),
  };
  const alertsFile = settings.alerts === undefined ? {} : { alertsFile: resolve(settings.alerts) };
  const { homeAssistant, maxFps } = settings;
  const timeZone = process.env.TIME_ZONE ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const common = { mqttUrl, modelsDir, dataDir, entries, maxFps, homeAssistant, timeZone, ...alertsFile };
  if (settings.streamServer !== undefined) return ownCameras(settings, settings.streamServer, common);
  const demo = readDemo(`${root}/demo`);
  const modelId = settings.model ?? demo.modelId;
  const preciseModelId = settings.preciseModel ?? demo.preciseModelId;
  requireModels(modelsDir, [modelId, preciseModelId]);
  const rooms = settings.rooms === undefined ? demo.rooms : parseRoomsFlag(settings.rooms);
  const policyFile = `${dataDir}/policy.yaml`;
  writeFileSync(policyFile, demo.policyText({ rooms, modelId, preciseModelId, maxFps: settings.maxFps }));
  const { streamServer, mediaDir } = demo;
  return { ...common, rooms, modelId, preciseModelId, policyFile, streamServer, mediaDir, clipClockMs: storyStartMs };
}

type Common = Pick<
  SitePlanOptions,
  'mqttUrl' | 'modelsDir' | 'dataDir' | 'entries' | 'maxFps' | 'alertsFile' | 'homeAssistant' | 'timeZone'
>;

function ownCameras(
  settings: StartSettings,
  streamServer: string,
  common: Common,
): Omit<SitePlanOptions, 'consolePort'> {
  const rooms = parseRoomsFlag(settings.rooms ?? '0-7');
  const modelId = settings.model ?? 'movenet';
  const preciseModelId = settings.preciseModel ?? settings.model ?? 'movenet-precise';
  requireModels(common.modelsDir, [modelId, preciseModelId]);
  const policyFile = `${common.dataDir}/policy.yaml`;
  writeFileSync(policyFile, stringify(policyFor({ rooms, modelId, preciseModelId, maxFps: settings.maxFps })));
  return { ...common, streamServer, rooms, modelId, preciseModelId, policyFile };
}

function requireModels(modelsDir: string, ids: readonly string[]): void {
  const missing = ids.find((id) => !existsSync(`${modelsDir}/${id}.onnx`));
  if (missing === undefined) return;
  throw new UsageError({
    code: 'model_not_found',
    message: `There is no model ${missing}: ${modelsDir}/${missing}.onnx does not exist.`,
    remedy:
      'Put the file there, name another with --model or --precise-model, or run "npm run setup" for the embedded one.',
  });
}

function mainOf(app: string): string {
  return fileURLToPath(new URL('main.js', import.meta.resolve(app)));
}
