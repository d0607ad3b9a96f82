import { type PolicyInput, withoutUndefined } from '@vigilia/protocol';
import { splitHomes } from './room-list.ts';

/** Everything that decides which processes are started. */
export interface SitePlanOptions {
  readonly mqttUrl: string;
  readonly streamServer: string;
  readonly rooms: readonly number[];
  readonly modelId: string;
  readonly preciseModelId: string;
  readonly modelsDir: string;
  readonly maxFps: number;
  readonly dataDir: string;
  readonly policyFile: string;
  /** Main files of the services. */
  readonly entries: {
    readonly processor: string;
    readonly orchestrator: string;
    readonly eventSink: string;
    readonly console: string;
    readonly notifier: string;
  };
  /** The alerts file, where alerts were asked for. */
  readonly alertsFile?: string;
  readonly homeAssistant?: boolean;
  readonly consolePort: number;
  /** By whose clock days and shifts of reports begin. */
  readonly timeZone: string;
  /** Set in the demonstration: files are played as if live from this moment (epoch ms). */
  readonly clipClockMs?: number;
  /** Folder that file addresses must stay in. */
  readonly mediaDir?: string;
}

/** One process to start. */
export interface ServicePlan {
  readonly name: string;
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Processors A and B, the orchestrator, the sink, the web page and, where asked for, the notifier, in the order in which they are started. */
export function planSite(options: SitePlanOptions): ServicePlan[] {
  const homes = Object.entries(splitHomes(options.rooms));
  // The orchestrator hands these on to the dedicated processors that it starts.
  const shared = processorEnv(options);
  return [
    ...homes.map(([name, rooms]) => ({
      name,
      entry: options.entries.processor,
      args: [
        '--instance-id',
        name,
        '--streams',
        rooms.join(','),
        '--model',
        options.modelId,
        '--max-fps',
        String(options.maxFps),
        '--enable-control',
      ],
      env: shared,
    })),
    {
      name: 'orchestrator',
      entry: options.entries.orchestrator,
      args: ['--runtime', 'process', '--policy', options.policyFile, '--data-dir', `${options.dataDir}/orchestrator`],
      env: shared,
    },
    {
      name: 'event-sink',
      entry: options.entries.eventSink,
      args: [
        '--spool-dir',
        `${options.dataDir}/spool`,
        '--ndjson-dir',
        `${options.dataDir}/events`,
        '--reports-dir',
        `${options.dataDir}/reports`,
      ],
      env: { MQTT_URL: options.mqttUrl, TIME_ZONE: options.timeZone },
    },
    {
      name: 'console',
      entry: options.entries.console,
      // Without signing in, because only this machine reaches it.
      args: ['--no-auth', '--port', String(options.consolePort), '--reports-dir', `${options.dataDir}/reports`],
      env: { MQTT_URL: options.mqttUrl },
    },
    ...planNotifier(options),
  ];
}

/** No alerts are sent unless they were asked for. */
function planNotifier({ alertsFile, homeAssistant, dataDir, mqttUrl, entries }: SitePlanOptions): ServicePlan[] {
  if (alertsFile === undefined && homeAssistant !== true) return [];
  const alerts = alertsFile === undefined ? [] : ['--alerts', alertsFile];
  const shown = homeAssistant === true ? ['--home-assistant'] : [];
  const args = [...alerts, ...shown, '--state-dir', `${dataDir}/notifier`];
  return [{ name: 'notifier', entry: entries.notifier, args, env: { MQTT_URL: mqttUrl } }];
}

function processorEnv(options: SitePlanOptions): Record<string, string> {
  return withoutUndefined({
    MQTT_URL: options.mqttUrl,
    STREAM_SERVER: options.streamServer,
    MODELS_DIR: options.modelsDir,
    MEDIA_DIR: options.mediaDir,
    CLIP_CLOCK: options.clipClockMs === undefined ? undefined : String(options.clipClockMs),
    FROZEN_AFTER: options.clipClockMs === undefined ? undefined : '0',
  });
}

/** Returns the policy for cameras of the user: homes, the two models, defaults for everything else. */
export function policyFor(options: {
  readonly rooms: readonly number[];
  readonly modelId: string;
  readonly preciseModelId: string;
  readonly maxFps: number;
}): PolicyInput {
  const homes = Object.entries(splitHomes(options.rooms));
  return {
    rooms: Object.fromEntries(homes.flatMap(([home, rooms]) => rooms.map((room) => [String(room), { home }]))),
    quiet: { model_id: options.modelId, max_fps: options.maxFps },
    incident: { model_id: options.preciseModelId, max_fps: 1 },
  };
}
