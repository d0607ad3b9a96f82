import type { DedicatedSpec } from '../plan/action.ts';

/** What every dedicated processor of this house is told, besides its spec. */
export interface ProcessorDefaults {
  readonly mqttUrl: string;
  readonly topicPrefix: string;
  /** Used where the policy names no model. */
  readonly modelId?: string;
}

/** Settings of the orchestrator that mean something else, or must not be the same, in a processor. */
const notInherited = [
  'HEALTH_PORT',
  'HEALTH_HOST',
  'STATE_DIR',
  'DATA_DIR',
  'INSTANCE_ID',
  'STREAMS',
  'MODEL',
  'MAX_FPS',
];

/**
 * The environment of a dedicated processor's process: the orchestrator's own (cameras, models, credentials are handed on)
 * with what this one is for.
 */
export function processorEnvironment(
  inherited: NodeJS.ProcessEnv,
  defaults: ProcessorDefaults,
  spec: DedicatedSpec,
): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...inherited };
  for (const name of notInherited) delete env[name];
  const model = spec.modelId ?? defaults.modelId;
  return {
    ...env,
    INSTANCE_ID: spec.instanceId,
    ROLE: 'dedicated',
    ...(spec.incidentId === undefined ? {} : { INCIDENT_ID: spec.incidentId }),
    ...(spec.traceId === undefined ? {} : { TRACE_ID: spec.traceId }),
    STREAMS: spec.sourceIds.join(','),
    ...(model === undefined ? {} : { MODEL: model }),
    MAX_FPS: String(spec.maxFps),
    MQTT_URL: defaults.mqttUrl,
    TOPIC_PREFIX: defaults.topicPrefix,
    ENABLE_CONTROL: 'true',
  };
}
