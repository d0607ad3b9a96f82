import { dockerDevices } from './devices.ts';
import type { RuntimeListing } from './runtime.ts';

/**
 * What varies in a dedicated processor, whichever engine runs it.
 * Each value must match its pattern in `containerFieldPatterns`: docker-proxy lets no other body through.
 */
export interface ContainerFields {
  /** Image reference; docker-proxy compares it with its own PROCESSOR_IMAGE. */
  readonly image: string;
  /** `{home}_{n}`, such as `processor-a_1`. */
  readonly instanceId: string;
  /** Empty for a standby. */
  readonly incidentId: string;
  /** Room numbers joined by commas; empty for a standby. */
  readonly streams: string;
  /** Empty: the image's own default. */
  readonly modelId: string;
  /** What computes the model, in order, joined by commas; empty: the processor's own default. */
  readonly providers: string;
  /** Analysed frames per second, at most two decimals. */
  readonly maxFps: string;
  /** Without credentials: they exist only in go2rtc.yaml. */
  readonly streamServer: string;
  /** Seconds without change after which a picture counts as blind; 0 = off. */
  readonly frozenAfter: number;
  readonly mqttUrl: string;
  readonly topicPrefix: string;
  readonly traceId: string;
  /** Billionths of a CPU. */
  readonly nanoCpus: number;
  readonly memoryBytes: number;
  /** Hash of what was asked for: an existing container with the same one may be adopted. */
  readonly specHash: string;
}

/**
 * Regular expressions (PCRE and JavaScript read them alike) of the fields. No class has a quote, a backslash or a control
 * character in it, so a value can never end its JSON string.
 */
export const containerFieldPatterns: { readonly [F in keyof ContainerFields]: string } = {
  image: '[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}',
  instanceId: '[A-Za-z0-9][A-Za-z0-9._-]{0,58}_[1-9][0-9]{0,3}',
  incidentId: '[A-Za-z0-9._-]{0,64}',
  streams: '(?:[0-9]{1,7}(?:,[0-9]{1,7}){0,63})?',
  modelId: '(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,127})?',
  providers: '(?:[a-z][a-z0-9]{0,31}(?:,[a-z][a-z0-9]{0,31}){0,7})?',
  maxFps: '[0-9]{1,2}(?:\\.[0-9]{1,2})?',
  streamServer: '(?:rtsps?|https?)://[A-Za-z0-9][A-Za-z0-9._:/{}-]{0,254}',
  frozenAfter: '[0-9]{1,5}',
  mqttUrl: 'mqtts?://[A-Za-z0-9][A-Za-z0-9.-]{0,252}(?::[0-9]{1,5})?',
  topicPrefix: '[A-Za-z0-9][A-Za-z0-9._-]{0,63}',
  traceId: '[A-Za-z0-9._-]{0,128}',
  nanoCpus: '[1-9][0-9]{7,10}',
  memoryBytes: '[1-9][0-9]{7,10}',
  specHash: '[a-f0-9]{64}',
};

/** What varies in the container of a dedicated processor. Everything else is fixed below. */
export interface DockerFields extends ContainerFields {
  /** Graphics devices: `dockerDevices.dri`, or none. */
  readonly devices: readonly object[];
  /** Cards by request: `dockerDevices.nvidia`, or none. */
  readonly deviceRequests: readonly object[];
  /** Groups of the host that own the devices, by number; never root's. */
  readonly groups: readonly string[];
}

/** As `containerFieldPatterns`. Patterns of lists begin with a bracket. */
export const dockerFieldPatterns: { readonly [F in keyof DockerFields]: string } = {
  ...containerFieldPatterns,
  devices: noneOr(dockerDevices.dri),
  deviceRequests: noneOr(dockerDevices.nvidia),
  groups: '\\[(?:"[1-9][0-9]{0,5}"(?:,"[1-9][0-9]{0,5}"){0,3})?\\]',
};

/** The expression of a list that is empty or exactly this one. */
export function noneOr(list: readonly object[]): string {
  return `\\[\\]|${JSON.stringify(list).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}`;
}

/** As a field stands in the body, without the quotes of a text. */
const written = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** Labels by which dedicated containers are found again; the values are `ContainerFields`. */
export const containerLabels = {
  role: 'io.vigilia.role',
  instance: 'io.vigilia.instance',
  incident: 'io.vigilia.incident',
  streams: 'io.vigilia.streams',
  spec: 'io.vigilia.spec',
  /** The event sink reads the logs of containers that carry it. */
  logs: 'io.vigilia.logs',
} as const;

/** The container's name; docker-proxy lets only names of this form be created, started, stopped or removed. */
export function containerName(instanceId: string): string {
  return `vigilia-${instanceId}`;
}

/** Compose removes what carries these with `down --remove-orphans`; without them its network could not be removed. */
function composeLabels(fields: ContainerFields) {
  return {
    'com.docker.compose.project': 'vigilia',
    'com.docker.compose.service': fields.instanceId,
    'com.docker.compose.oneoff': 'False',
    'com.docker.compose.container-number': '1',
    'com.docker.compose.config-hash': fields.specHash,
  };
}

/** The variables that give a dedicated processor its task. */
export function containerEnvironment(fields: ContainerFields): string[] {
  return [
    `INSTANCE_ID=${fields.instanceId}`,
    'ROLE=dedicated',
    `INCIDENT_ID=${fields.incidentId}`,
    `TRACE_ID=${fields.traceId}`,
    `STREAMS=${fields.streams}`,
    `MODEL=${fields.modelId}`,
    `PROVIDERS=${fields.providers}`,
    `MAX_FPS=${fields.maxFps}`,
    `STREAM_SERVER=${fields.streamServer}`,
    `FROZEN_AFTER=${fields.frozenAfter}`,
    `MQTT_URL=${fields.mqttUrl}`,
    `TOPIC_PREFIX=${fields.topicPrefix}`,
    `MQTT_USERNAME=${fields.instanceId}`,
    'MQTT_PASSWORD_FILE=/run/vigilia/password',
    'ENABLE_CONTROL=true',
    'HEALTH_PORT=8080',
  ];
}

/** By these it is found again, and what is asked of it is known without asking it. */
export function dedicatedLabels(fields: ContainerFields) {
  return {
    [containerLabels.role]: 'dedicated',
    [containerLabels.instance]: fields.instanceId,
    [containerLabels.incident]: fields.incidentId,
    [containerLabels.streams]: fields.streams,
    [containerLabels.spec]: fields.specHash,
    [containerLabels.logs]: 'true',
  };
}

/** What an engine lists, read from its labels. */
export function listingOf(
  labels: Readonly<Record<string, string>>,
  state: RuntimeListing['state'],
  ageMs: number,
): RuntimeListing {
  const incidentId = labels[containerLabels.incident];
  const streams = labels[containerLabels.streams] ?? '';
  return {
    instanceId: labels[containerLabels.instance] ?? '',
    incidentId: incidentId === '' ? undefined : incidentId,
    sourceIds: streams === '' ? [] : streams.split(',').map(Number),
    state,
    ageMs: Math.max(0, ageMs),
  };
}

function hostConfig(fields: DockerFields) {
  return {
    NetworkMode: 'vigilia_rooms',
    RestartPolicy: { Name: 'unless-stopped', MaximumRetryCount: 0 },
    NanoCpus: fields.nanoCpus,
    Memory: fields.memoryBytes,
    Devices: fields.devices,
    DeviceRequests: fields.deviceRequests,
    GroupAdd: fields.groups,
    PidsLimit: 256,
    Init: true,
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges:true'],
    Tmpfs: { '/tmp': 'rw,noexec,nosuid,nodev,size=64m' },
    Mounts: [
      { Type: 'volume', Source: 'vigilia_secret-dedicated', Target: '/run/vigilia', ReadOnly: true },
      { Type: 'volume', Source: 'vigilia_models', Target: '/models', ReadOnly: true },
    ],
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
  };
}

/**
 * Body of `POST /containers/create` for a dedicated processor. The order of the keys is part of the contract with
 * docker-proxy (deploy/docker-proxy/generate.mjs makes its expression from this function).
 * @returns a plain object; `JSON.stringify` of it is what goes over the wire
 */
export function containerBody(fields: DockerFields) {
  return {
    Image: fields.image,
    User: '1000:1000',
    Env: containerEnvironment(fields),
    Labels: { ...composeLabels(fields), ...dedicatedLabels(fields) },
    StopTimeout: 15,
    HostConfig: hostConfig(fields),
  };
}

/**
 * The first field that docker-proxy would refuse, or undefined. Reported here the error names the field; the proxy answers a bare 403.
 */
export function invalidField<F extends object>(
  fields: F,
  patterns: { readonly [K in keyof F]: string },
): keyof F | undefined {
  const names = Object.keys(patterns) as (keyof F)[];
  return names.find((name) => !new RegExp(`^(?:${patterns[name]})$`).test(written(fields[name])));
}
