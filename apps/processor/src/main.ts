import { type ChannelBus, type Check, type Clock, type Logger, type ServiceScope, serve } from '@vigilia/service';
import { checkModels, streamRules } from './check-settings.ts';
import { ClipSender } from './clip/clip-sender.ts';
import { IncidentClips } from './clip/incident-clips.ts';
import { AckPublisher } from './commands/ack-publisher.ts';
import { ChangeCommands } from './commands/change-commands.ts';
import { CommandIntake } from './commands/command-intake.ts';
import { CommandQueue } from './commands/command-queue.ts';
import { IncidentFollower } from './commands/incident-follower.ts';
import { LeaderTerm } from './commands/leader-term.ts';
import { ProcessorCommands } from './commands/processor-commands.ts';
import { SeenCommands } from './commands/seen-commands.ts';
import { SnapshotCommand } from './commands/snapshot-command.ts';
import { type InitialState, loadInitialState } from './load-initial-state.ts';
import { listModels } from './model/model-files.ts';
import type { PacketLimits } from './packets/packet-ring.ts';
import { Processor } from './processor.ts';
import { type ConfigSource, offlineStatus } from './publish/build-status.ts';
import { commandGapEvent } from './publish/command-gap-event.ts';
import { createIdentity, type Identity } from './publish/identity.ts';
import { KnownModels } from './publish/known-models.ts';
import { MetricsPublisher } from './publish/metrics-publisher.ts';
import { Peers } from './publish/peers.ts';
import { registerRoomMetrics } from './publish/prometheus.ts';
import { RoomStates } from './publish/room-states.ts';
import { StatusBoard } from './publish/status-board.ts';
import { defaultLimits, type ReconcileLimits } from './reconcile/limits.ts';
import type { StreamRules } from './reconcile/plan-change.ts';
import { Reconciler } from './reconcile/reconciler.ts';
import { RetuneLoop } from './reconcile/retune-loop.ts';
import { IncidentReplays } from './replay/incident-replays.ts';
import { createRoomParts } from './room/create-room-parts.ts';
import type { MonitoredRoom } from './room/room-monitor.ts';
import { RoomPublisher } from './room/room-publisher.ts';
import { type ProcessorSettings, type SettingSources, settingsSpec } from './settings.ts';
import { StateFile } from './state/state-file.ts';
import { type DecoderPreset, workingPreset } from './stream/decoder-preset.ts';
import { findFfmpeg } from './stream/find-ffmpeg.ts';

/**
 * `vigilia processor …`: runs until a signal, the command `stop`, or a take-over of its session ends it.
 * @throws UsageError `invalid_settings`
 */
export const main = serve({
  entry: import.meta.url,
  name: 'processor',
  settings: settingsSpec,
  start: (scope, sources) => startProcessor({ scope, sources }),
});

export interface StartOptions {
  readonly scope: ServiceScope<ProcessorSettings>;
  readonly sources: SettingSources;
  readonly limits?: ReconcileLimits;
}

/** What nearly every part takes. */
interface Common {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly bus: ChannelBus;
  readonly identity: Identity;
}

/** Options of the start with what they lead to before any part is built. */
interface Options extends StartOptions {
  readonly common: Common;
  readonly rules: StreamRules;
  readonly stateFile: StateFile | undefined;
  readonly initial: InitialState;
  readonly ffmpeg: string;
  readonly decoder: DecoderPreset;
}

/**
 * The composition root: builds everything that a processor consists of, from the settings, and starts it.
 * @throws UsageError for a missing model, a missing ffmpeg, or arguments that are not allowed.
 */
export async function startProcessor(start: StartOptions): Promise<void> {
  const { scope, sources } = start;
  const { settings, clock, logger, topics } = scope;
  const identity = createIdentity(settings);
  scope.identifyBy(() => identity.instanceId);
  const rules = streamRules(settings);
  const { stateDir, instanceId } = settings;
  const stateFile = stateDir === undefined ? undefined : new StateFile({ stateDir, instanceId, clock, logger });
  const initial = await loadInitialState({ settings, sources, logger, stateFile, clock });
  identity.rename(initial.instanceId);
  checkModels(initial.config, settings.modelsDir);
  const payload = offlineStatus(identity, clock.now());
  if (stateDir !== undefined) {
    scope.writesTo({ name: 'state', dir: stateDir });
  }
  const bus = scope.connect({ will: { topic: topics.status(identity.instanceId), payload, retain: true } });
  const common: Common = { clock, logger, bus, identity };
  const ffmpeg = findFfmpeg(scope.env);
  const decoder = await workingPreset({ ffmpeg, preset: settings.decoder, logger });
  const options: Options = { ...start, common, rules, stateFile, initial, ffmpeg, decoder };
  const watching = createRooms(options);
  const obeying = createObeying(options, watching);
  registerRoomMetrics(scope.registry, watching.reconciler);
  await scope.startHealth((broker) => readiness(broker, watching));
  const parts = { scope, ...common, ...watching, ...obeying };
  const processor = new Processor({ ...parts, initialConfig: initial.config, control: settings.enableControl });
  await processor.start();
}

/** What monitors rooms and publishes what it sees. */
function createRooms({ scope, limits = defaultLimits, common, rules, stateFile, initial, ffmpeg, decoder }: Options) {
  const { settings } = scope;
  const { identity } = common;
  let configSource: ConfigSource = initial.source;
  const roomOf = (sourceId: number): MonitoredRoom | undefined =>
    reconciler.monitors.find((monitor) => monitor.sourceId === sourceId);
  const incidents = new IncidentFollower({ ...common, roomOf });
  const publisher = new RoomPublisher({ ...common, onRoom: (state) => incidents.roomChanged(state) });
  const models = new KnownModels({ ...common, event: (event) => publisher.event(event) });
  const roomStates = new RoomStates({ ...common, onOther: (state) => roomOf(state.source_id)?.hearOf(state) });
  const { mediaDir, modelsDir, clipClock: clipEpochMs, modelThreads, providers, rtspReader } = settings;
  const packetLimits = packetLimitsOf(settings);
  const modelPlaces = { modelsDir, modelThreads, providers };
  const places = { ...modelPlaces, ffmpeg, mediaDir, clipEpochMs, packetLimits, rtspReader, decoder };
  const replays = new IncidentReplays(common);
  const snapshots = new SnapshotCommand({ ...common, ffmpeg, roomOf });
  const clips = new IncidentClips({ ...common, ffmpeg, roomOf });
  const clipSender = new ClipSender({ ...common, clips });
  const onModelLoaded = (modelId: string, sha256: string) => models.loaded(modelId, sha256);
  const seams = { output: publisher, replays, onModelLoaded };
  const reconciler = new Reconciler(
    {
      ...common,
      rules,
      parts: createRoomParts({ ...common, ...places, ...seams }),
      limits,
      restoredRoom: (sourceId) => roomStates.get(sourceId),
      persist: async (config) => {
        await stateFile?.save(config, identity.instanceId);
        configSource = stateFile === undefined ? 'mixed' : 'state';
      },
      onSwitched: ({ removed }) => publisher.forget(removed),
      onLateResult: (late) => publisher.event(commandGapEvent({ ...common, ...late })),
    },
    initial.config.defaults,
  );
  const control = settings.enableControl;
  const board = new StatusBoard({
    ...common,
    reconciler,
    control,
    configSource: () => configSource,
    availableModels: () => listModels(modelsDir),
  });
  const beat = { intervalMs: settings.metricsInterval * 1000, uptimeMs: () => board.uptimeMs };
  const metrics = new MetricsPublisher({ ...common, ...beat, reconciler });
  const ofIncidents = { incidents, replays, snapshots, clips, clipSender };
  return { ...ofIncidents, publisher, models, roomStates, reconciler, board, metrics, peers: new Peers(common) };
}

type Rooms = ReturnType<typeof createRooms>;

/** What takes commands and runs them. */
function createObeying({ scope, common, rules, stateFile }: Options, watching: Rooms) {
  const { reconciler, peers } = watching;
  const onError = (err: unknown): void => common.logger.error({ event: 'queue_failed', err }, 'work failed');
  const queue = new CommandQueue({ onError });
  const persistName = async (name: string): Promise<void> => stateFile?.save(reconciler.config, name);
  const runner = new ProcessorCommands({
    ...common,
    ...watching,
    changes: new ChangeCommands({ ...common, ...watching, rules }),
    rename: { ...common, peers, persistName },
    requestExit: (code, reason) => scope.requestExit(code, reason),
  });
  const leader = new LeaderTerm(common);
  const answering = { ackPublisher: new AckPublisher(common), seen: new SeenCommands(), leader };
  const intake = new CommandIntake({ ...common, ...answering, queue, runner });
  const retune = new RetuneLoop({ ...common, reconciler, postOwn: (run) => queue.postOwn(run) });
  return { queue, intake, leader, retune };
}

function readiness(broker: Check, { board, reconciler }: Rooms): Check {
  return {
    ...broker,
    ok: broker.ok && board.status !== 'starting' && board.status !== 'stopping',
    status: board.status,
    rooms: reconciler.monitors.length,
    blind_rooms: reconciler.monitors.filter((monitor) => monitor.blind() !== undefined).length,
  };
}

function packetLimitsOf({ keepPackets: seconds, packetMemory }: ProcessorSettings): PacketLimits | undefined {
  const totalBytes = packetMemory * 1_000_000;
  return seconds === 0 ? undefined : { seconds, roomBytes: totalBytes / 4, totalBytes };
}
