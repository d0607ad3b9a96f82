import { createHash } from 'node:crypto';
import type { DedicatedSpec } from '../plan/action.ts';
import { type ContainerFields, containerFieldPatterns, invalidField } from './container-template.ts';
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
    maxFps: String(Number(spec.maxFps.toFixed(2))),
    streamServer: defaults.streamServer,
    frozenAfter: Math.round(defaults.frozenAfterSeconds),
    mqttUrl: defaults.mqttUrl,
    topicPrefix: defaults.topicPrefix,
    traceId: spec.traceId ?? '',
    nanoCpus: Math.round(defaults.cpus * 1e9),
    memoryBytes: Math.round(defaults.memoryMb * 1_048_576),
  };
  const specHash = createHash('sha256').update(JSON.stringify(fields)).digest('hex');
  const complete = { ...fields, specHash };
  const bad = invalidField(complete, containerFieldPatterns);
  if (bad === undefined) return complete;
  throw new RuntimeError('refused', `the container's ${bad} cannot be ${JSON.stringify(complete[bad])}`);
}
