import { createTopics, type Topics } from '@vigilia/protocol';
import {
  type Bus,
  brokerCheck,
  brokerOptions,
  ChannelBus,
  type Check,
  type Clock,
  createBus,
  createLogger,
  createRegistry,
  EXIT,
  HealthServer,
  isEntry,
  type Logger,
  parseSettingsWithSources,
  registerRejections,
  runMain,
  runService,
  type ServiceControl,
  systemClock,
} from '@vigilia/service';
import { checkModels, streamRules } from './check-settings.ts';
import { Acknowledger } from './commands/acknowledger.ts';
import { ChangeCommands } from './commands/change-commands.ts';
import { CommandIntake } from './commands/command-intake.ts';
import { CommandQueue } from './commands/command-queue.ts';
import { ProcessorCommands } from './commands/command-runner.ts';
import { IncidentFollower } from './commands/incident-follower.ts';
import { LeaderTerm } from './commands/leader-term.ts';
import { SeenCommands } from './commands/seen-commands.ts';
import { SnapshotCommand } from './commands/snapshot-command.ts';
import { type InitialState, initialState } from './initial-state.ts';
import { Processor } from './processor.ts';
import { type ConfigSource, offlineStatus } from './publish/build-status.ts';
import { commandGapEvent } from './publish/command-gap-event.ts';
import { createIdentity, type Identity } from './publish/identity.ts';
import { MetricsPublisher } from './publish/metrics-publisher.ts';
import { Peers } from './publish/peers.ts';
import { registerRoomMetrics } from './publish/prometheus.ts';
import { RoomStates } from './publish/room-states.ts';
import { StatusBoard } from './publish/status-board.ts';
import { WatchPublisher } from './publish/watch-publisher.ts';
import { defaultLimits, type ReconcileLimits } from './reconcile/limits.ts';
import type { StreamRules } from './reconcile/plan-change.ts';
import { Reconciler } from './reconcile/reconciler.ts';
import { RetuneLoop } from './reconcile/retune-loop.ts';
import { type ProcessorSettings, type SettingSources, settingsSpec } from './settings.ts';
import { StateFile } from './state/state-file.ts';
import { findFfmpeg } from './stream/find-ffmpeg.ts';
import { createWatchParts } from './watch/create-watch-parts.ts';
import type { RoomWatch } from './watch/ports.ts';

/**
 * `vigilia processor …`: runs until a signal, the command `stop`, or a take-over of its session ends it.
 * @throws UsageError `invalid_settings`
 */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { values: settings, sources } = parseSettingsWithSources(settingsSpec, argv, env);
  const identity = createIdentity(settings);
  const base = createLogger({
    logger: 'processor',
    component: 'processor',
    instanceId: () => identity.instanceId,
    level: settings.logLevel,
  });
  const logger = settings.traceId === undefined ? base : base.child({ trace_id: settings.traceId });
  const build = (control: ServiceControl): Promise<Processor> =>
    buildProcessor({ settings, sources, env, identity, logger, control });
  await runService({ name: 'processor', logger, build });
}

export interface BuildOptions {
  readonly settings: ProcessorSettings;
  readonly sources: SettingSources;
  readonly env: NodeJS.ProcessEnv;
  readonly identity: Identity;
  readonly logger: Logger;
  readonly control: ServiceControl;
  readonly limits?: ReconcileLimits;
}

/** What nearly every part takes. */
interface Common {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly bus: ChannelBus;
  readonly identity: Identity;
}

/**
 * The composition root: everything a processor is made of, from the settings to the service.
 * @throws UsageError for a missing model, a missing ffmpeg, or arguments that are not allowed.
 */
export async function buildProcessor(options: BuildOptions): Promise<Processor> {
  const { settings, identity, logger } = options;
  const clock = systemClock;
  const rules = streamRules(settings);
  const { stateDir, instanceId } = settings;
  const stateFile = stateDir === undefined ? undefined : new StateFile({ stateDir, instanceId, clock, logger });
  const initial = await initialState({ ...options, stateFile, clock });
  identity.rename(initial.instanceId);
  checkModels(initial.config, settings.modelsDir);
  const topics = createTopics(settings.topicPrefix);
  const bus = new ChannelBus({ bus: connection(options, topics), roots: topics.roots, logger, clock });
  const common: Common = { clock, logger, bus, identity };
  const watching = createWatching(options, { common, rules, stateFile, initial });
  const obeying = createObeying(options, { common, rules, stateFile, watching });
  const health = createHealth(options, bus, watching);
  const control = settings.enableControl;
  return new Processor({ ...common, ...watching, ...obeying, health, initialConfig: initial.config, control });
}

/** What watches rooms and tells of it. */
function createWatching(
  options: BuildOptions,
  given: { common: Common; rules: StreamRules; stateFile: StateFile | undefined; initial: InitialState },
) {
  const { settings, identity, env } = options;
  const { common, rules, stateFile, initial } = given;
  let configSource: ConfigSource = initial.source;
  const watchOf = (sourceId: number): RoomWatch | undefined =>
    reconciler.watches.find((watch) => watch.sourceId === sourceId);
  const incidents = new IncidentFollower({ ...common, watchOf });
  const publisher = new WatchPublisher({ ...common, onRoom: (state) => incidents.roomChanged(state) });
  const roomStates = new RoomStates({ ...common, onOther: (state) => watchOf(state.source_id)?.hearOf(state) });
  const { mediaDir, modelsDir, clipClock: clipEpochMs, modelThreads } = settings;
  const ffmpeg = findFfmpeg(env);
  const places = { ffmpeg, mediaDir, modelsDir, clipEpochMs, modelThreads };
  const snapshots = new SnapshotCommand({ ...common, ffmpeg, watchOf });
  const reconciler = new Reconciler(
    {
      ...common,
      rules,
      parts: createWatchParts({ ...common, ...places, output: publisher }),
      limits: options.limits ?? defaultLimits,
      restoredRoom: (sourceId) => roomStates.get(sourceId),
      persist: async (config) => {
        await stateFile?.save(config, identity.instanceId);
        configSource = stateFile === undefined ? 'mixed' : 'state';
      },
      onSwitched: ({ removed }) => {
        publisher.forget(removed);
        incidents.forget(removed);
      },
      onLateResult: (late) => publisher.event(commandGapEvent({ ...common, ...late })),
    },
    initial.config.defaults,
  );
  const control = settings.enableControl;
  const board = new StatusBoard({ ...common, reconciler, control, configSource: () => configSource });
  const beat = { intervalMs: settings.metricsInterval * 1000, uptimeMs: () => board.uptimeMs };
  const metrics = new MetricsPublisher({ ...common, ...beat, reconciler });
  return { publisher, incidents, snapshots, roomStates, reconciler, board, metrics, peers: new Peers(common) };
}

type Watching = ReturnType<typeof createWatching>;

/** What takes commands and runs them. */
function createObeying(
  options: BuildOptions,
  given: { common: Common; rules: StreamRules; stateFile: StateFile | undefined; watching: Watching },
) {
  const { common, rules, stateFile, watching } = given;
  const { reconciler, peers } = watching;
  const onError = (err: unknown): void => common.logger.error({ event: 'queue_failed', err }, 'work failed');
  const queue = new CommandQueue({ onError });
  const persistName = async (name: string): Promise<void> => stateFile?.save(reconciler.config, name);
  const runner = new ProcessorCommands({
    ...common,
    ...watching,
    changes: new ChangeCommands({ ...common, ...watching, rules }),
    rename: { ...common, peers, persistName },
    requestExit: (code, reason) => options.control.requestExit(code, reason),
  });
  const leader = new LeaderTerm(common);
  const answering = { acknowledger: new Acknowledger(common), seen: new SeenCommands(), leader };
  const intake = new CommandIntake({ ...common, ...answering, queue, runner });
  const retune = new RetuneLoop({ ...common, reconciler, postOwn: (run) => queue.postOwn(run) });
  return { queue, intake, leader, retune };
}

function connection(options: BuildOptions, topics: Topics): Bus {
  const { settings, identity, logger, control } = options;
  return createBus({
    ...brokerOptions(settings, identity.instanceId),
    will: {
      topic: topics.status(identity.instanceId),
      payload: offlineStatus(identity, systemClock.now()),
      retain: true,
    },
    logger,
    onTakenOver: () => control.requestExit(EXIT.takenOver, 'another processor uses this instance id'),
  });
}

function createHealth(options: BuildOptions, bus: ChannelBus, { board, reconciler }: Watching): HealthServer {
  const { settings, identity, logger } = options;
  const registry = createRegistry('processor', identity.instanceId);
  registerRejections(registry, bus);
  registerRoomMetrics(registry, reconciler);
  const ready = (): Check => {
    const broker = brokerCheck(bus.bus);
    return {
      ...broker,
      ok: broker.ok && board.status !== 'starting' && board.status !== 'stopping',
      status: board.status,
      rooms: reconciler.watches.length,
      blind_rooms: reconciler.watches.filter((watch) => watch.blind() !== undefined).length,
    };
  };
  const { healthHost: host, healthPort: port } = settings;
  return new HealthServer({ host, port, logger, live: () => ({ ok: true }), ready, registry });
}

if (isEntry(import.meta.url)) await runMain(() => main(process.argv.slice(2), process.env));
