import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  aspectSchema,
  commandDescriptors,
  commandNames,
  createTopics,
  decodeSchema,
  incidentIdSchema,
  instanceIdSchema,
  modelIdSchema,
} from '@vigilia/protocol';
import {
  brokerTable,
  defineSettings,
  healthTable,
  logTable,
  type SettingSource,
  type SettingsOf,
  setting,
} from '@vigilia/service';
import { type Rotation, rotations } from '@vigilia/vision';
import { onlyCpu, providerOrderSchema } from './config/provider-order.ts';
import { noRoomSetting, perRoom } from './config/room-setting.ts';
import { rtspReaders } from './packets/choose-path.ts';
import { decoderPresets } from './stream/decoder-preset.ts';

/** In a clone the models are where set-up makes them; elsewhere in ./models. */
const clonedModels = fileURLToPath(new URL('../../../.cache/vigilia/models', import.meta.url));

/** What a processor is set to monitor, and how. */
const roomsTable = {
  streams: {
    flag: '--streams <ids>',
    env: 'STREAMS',
    schema: setting.integerList(),
    default: [] as number[],
    describe: 'Rooms to watch, such as 0,1,2 or 0-7',
  },
  model: {
    flag: '--model <id>',
    env: 'MODEL',
    schema: modelIdSchema,
    default: 'movenet',
    describe: 'Model: <id>.onnx in the models folder',
  },
  maxFps: {
    flag: '--max-fps <fps>',
    env: 'MAX_FPS',
    schema: setting.number({ min: 0.01, max: 30 }),
    default: 0.1,
    describe: 'Analysed frames per second, per room',
  },
  confidence: {
    flag: '--confidence <share>',
    env: 'CONFIDENCE',
    schema: setting.number({ min: 0, max: 1 }),
    default: 0.25,
    describe: 'Detections are reported from this confidence',
  },
  tracking: {
    flag: '--tracking <bool>',
    env: 'TRACKING',
    schema: setting.boolean(),
    default: true,
    describe: 'Whether detections get a tracker_id',
  },
  decode: {
    flag: '--decode <mode>',
    env: 'DECODE',
    schema: setting.text().pipe(decodeSchema),
    default: 'auto' as const,
    describe: 'auto, keyframes or full',
  },
  singleSession: {
    flag: '--single-session <ids>',
    env: 'SINGLE_SESSION',
    schema: setting.integerList(),
    default: [] as number[],
    describe: 'Rooms whose camera refuses a second session: the old one is closed before the new one opens',
  },
  aspect: {
    flag: '--aspect <list>',
    env: 'ASPECT',
    schema: perRoom((value) => aspectSchema.safeParse(value).data, '16:9 or 3=16:9,5=4:3'),
    default: noRoomSetting<string>(),
    describe: 'Shape of the picture of cameras that squeeze it without declaring it: 16:9 (all rooms) or 3=16:9,5=4:3',
  },
  rotate: {
    flag: '--rotate <list>',
    env: 'ROTATE',
    schema: perRoom((value) => rotations.find((rotation) => String(rotation) === value), '180 or 3=90,5=270'),
    default: noRoomSetting<Rotation>(),
    describe: 'Degrees clockwise (0, 90, 180, 270) that turn a picture upright: 180 (all rooms) or 3=90,5=270',
  },
  streamServer: {
    flag: '--stream-server <url>',
    env: 'STREAM_SERVER',
    schema: setting.url('rtsp', 'rtsps', 'http', 'https', 'file'),
    default: 'rtsp://localhost:8554',
    describe: 'Room 8 is <url>/8, or the place of {source_id} in it',
  },
  mediaDir: {
    flag: '--media-dir <dir>',
    env: 'MEDIA_DIR',
    schema: setting.text().optional(),
    describe: 'Folder that file addresses must stay in; without it there are none',
  },
  modelsDir: {
    flag: '--models-dir <dir>',
    env: 'MODELS_DIR',
    schema: setting.text(),
    default: existsSync(clonedModels) ? clonedModels : 'models',
    describe: 'Folder of <id>.onnx files',
  },
  modelThreads: {
    flag: '--model-threads <n>',
    env: 'MODEL_THREADS',
    schema: setting.integer({ min: 1, max: 256 }).optional(),
    describe: 'Threads of a model; without it what the CPU quota allows, or 1 beside an accelerator',
  },
  providers: {
    flag: '--providers <list>',
    env: 'PROVIDERS',
    schema: providerOrderSchema,
    default: onlyCpu,
    describe:
      'What computes models: the first that works, then the CPU. Names of ONNX Runtime, for all models or one: webgpu,cuda,cpu; yolov11x-640=cuda,cpu',
  },
  decoder: {
    flag: '--decoder <name>',
    env: 'DECODER',
    schema: setting.oneOf(...decoderPresets),
    default: 'cpu' as const,
    describe:
      'Device that decodes: vaapi, qsv, cuda, v4l2m2m; tried at the start, and the CPU where it fails. Packets of these rooms are not kept',
  },
  inputArgs: {
    flag: '--input-args <args>',
    env: 'INPUT_ARGS',
    schema: setting.text(),
    default: '',
    describe:
      'More input arguments for ffmpeg, from a whitelist: "-hwaccel vaapi; 3=-hwaccel none" (all rooms; room 3)',
  },
  frozenAfter: {
    flag: '--frozen-after <seconds>',
    env: 'FROZEN_AFTER',
    schema: setting.number({ min: 0, max: 86_400 }),
    default: 60,
    describe: 'A picture that does not change for this long counts as blind; 0 = off',
  },
  keepPackets: {
    flag: '--keep-packets <seconds>',
    env: 'KEEP_PACKETS',
    schema: setting.number({ min: 0, max: 300 }),
    default: 45,
    describe:
      'Seconds of each camera that are kept undecoded in memory: only needed frames are decoded, and a suspected fall is looked back at; 0 = off, all keyframes are decoded',
  },
  packetMemory: {
    flag: '--packet-memory <megabytes>',
    env: 'PACKET_MEMORY',
    schema: setting.integer({ min: 16, max: 65_536 }),
    default: 256,
    describe: 'Memory for the kept packets of all rooms together, MB; at most a quarter of it per room',
  },
  rtspReader: {
    flag: '--rtsp-reader <reader>',
    env: 'RTSP_READER',
    schema: setting.oneOf(...rtspReaders),
    default: 'ffmpeg' as const,
    describe:
      'What receives RTSP cameras of H.264 and H.265: own (the processor itself) or ffmpeg (a process per room); other cameras are always received by ffmpeg',
  },
  clipClock: {
    flag: '--clip-clock <epoch-ms>',
    env: 'CLIP_CLOCK',
    schema: setting.integer({ min: 0 }).optional(),
    describe: 'Files play in a loop since this moment, so that every reader sees the same (demonstration)',
  },
} as const;

/** Who the processor is, whom it talks to, and where it keeps things. */
const serviceTable = {
  ...brokerTable,
  instanceId: {
    flag: '--instance-id <id>',
    env: 'INSTANCE_ID',
    schema: instanceIdSchema,
    default: 'processor',
    describe: 'Name and MQTT client id: no two processors may share it',
  },
  role: {
    flag: '--role <role>',
    env: 'ROLE',
    schema: setting.oneOf('home', 'dedicated'),
    default: 'home' as const,
    describe: 'home, or dedicated to an incident: then it obeys only commands that name it',
  },
  incidentId: {
    flag: '--incident-id <id>',
    env: 'INCIDENT_ID',
    schema: incidentIdSchema.optional(),
    describe: 'The incident a dedicated processor was started for',
  },
  traceId: {
    flag: '--trace-id <id>',
    env: 'TRACE_ID',
    schema: setting.text().optional(),
    describe: 'Joins the log lines of this processor to the incident it was started for',
  },
  enableControl: {
    flag: '--enable-control',
    env: 'ENABLE_CONTROL',
    schema: setting.boolean(),
    default: false,
    describe: 'Obey commands; without it there is no command topic',
  },
  metricsInterval: {
    flag: '--metrics-interval <seconds>',
    env: 'METRICS_INTERVAL',
    schema: setting.number({ min: 0.1, max: 3600 }),
    default: 10,
    describe: 'How often the light report is published',
  },
  stateDir: {
    flag: '--state-dir <dir>',
    env: 'STATE_DIR',
    schema: setting.text().optional(),
    describe: 'Keep the accepted configuration here; at the next start it wins over the flags',
  },
  resetState: {
    flag: '--reset-state',
    env: 'RESET_STATE',
    schema: setting.boolean(),
    default: false,
    describe: 'Forget the kept configuration and start from the flags',
  },
  ...healthTable,
  ...logTable,
} as const;

export const settingsSpec = defineSettings(
  'vigilia processor',
  'Watches rooms: camera → model → falls → MQTT; obeys commands.',
  { ...roomsTable, ...serviceTable },
  commandHelp(),
);

/** Returns the lines of the help that list the MQTT commands. */
function commandHelp(): string[] {
  const width = Math.max(...commandNames.map((name) => name.length)) + 2;
  const { commands } = createTopics();
  return [
    `Commands on the MQTT topic ${commands}, with --enable-control (send them with vigilia send, parameters in docs/commands.md):`,
    ...commandNames.map((name) => `  ${name.padEnd(width)}${commandDescriptors[name].summary}`),
  ];
}

export type ProcessorSettings = SettingsOf<typeof settingsSpec.table>;
export type SettingSources = { readonly [K in keyof typeof settingsSpec.table]: SettingSource };
