import { createHash } from 'node:crypto';
import type { DedicatedSpec } from '../plan/action.ts';
import {
  type ContainerFields,
  containerFieldPatterns,
  type DockerFields,
  dockerFieldPatterns,
  invalidField,
} from './container-template.ts';
import { type DeviceName, dockerDevices } from './devices.ts';
import { RuntimeError } from './runtime.ts';

/** What all dedicated containers of this house have in common. */
export interface ContainerDefaults {
  readonly image: string;
  readonly mqttUrl: string;
  readonly topicPrefix: string;
  readonly streamServer: string;
  readonly frozenAfterSeconds: number;
  /** Used where the policy names none; undefined: the image's own. */
  readonly modelId?: string | undefined;
  readonly cpus: number;
  readonly memoryMb: number;
  /** What computes models where the policy names nothing; undefined: the processor's own default. */
  readonly providers?: string | undefined;
  readonly devices?: readonly DeviceName[] | undefined;
  /** Groups of the host that own the devices. */
  readonly deviceGroups?: readonly number[] | undefined;
}

/**
 * The template's fields for one dedicated processor.
 * @throws RuntimeError `refused` that names the field docker-proxy would refuse
 */
export function containerFields(spec: DedicatedSpec, defaults: ContainerDefaults): ContainerFields {
  const fields: Omit<ContainerFields, 'specHash'> = {
    image: defaults.image,
    instanceId: spec.instanceId,
    incidentId: spec.incidentId ?? '',
    streams: spec.sourceIds.join(','),
    modelId: spec.modelId ?? defaults.modelId ?? '',
    providers: spec.providers?.join(',') ?? defaults.providers ?? '',
    maxFps: String(Number(spec.maxFps.toFixed(2))),
    streamServer: defaults.streamServer,
    frozenAfter: Math.round(defaults.frozenAfterSeconds),
    mqttUrl: defaults.mqttUrl,
    topicPrefix: defaults.topicPrefix,
    traceId: spec.traceId ?? '',
    nanoCpus: Math.round(defaults.cpus * 1e9),
    memoryBytes: Math.round(defaults.memoryMb * 1_048_576),
  };
  const specHash = createHash('sha256')
    .update(JSON.stringify({ ...fields, devices: defaults.devices, groups: defaults.deviceGroups }))
    .digest('hex');
  return allowed({ ...fields, specHash }, containerFieldPatterns);
}

/** The same for a container of Docker. @throws RuntimeError `refused`, as `containerFields` */
export function dockerFields(spec: DedicatedSpec, defaults: ContainerDefaults): DockerFields {
  const { devices = [], deviceGroups = [] } = defaults;
  const fields = {
    ...containerFields(spec, defaults),
    devices: devices.includes('dri') ? dockerDevices.dri : [],
    deviceRequests: devices.includes('nvidia') ? dockerDevices.nvidia : [],
    groups: deviceGroups.map(String),
  };
  return allowed(fields, dockerFieldPatterns);
}

function allowed<F extends object>(fields: F, patterns: { readonly [K in keyof F]: string }): F {
  const bad = invalidField(fields, patterns);
  if (bad === undefined) return fields;
  throw new RuntimeError('refused', `the container's ${String(bad)} cannot be ${JSON.stringify(fields[bad])}`);
}
