import { childEnvironment } from '@vigilia/service';
import type { DedicatedSpec } from '../plan/action.ts';

/** What every dedicated processor of this site is given, besides its spec. */
export interface ProcessorDefaults {
  readonly mqttUrl: string;
  readonly topicPrefix: string;
  /** Used where the policy names no model. */
  readonly modelId?: string | undefined;
  /** User at the broker; the instance id when not given. */
  readonly mqttUsername?: string | undefined;
  readonly mqttPassword?: string | undefined;
}

/** Settings of a processor that the dedicated ones take over from the orchestrator's own environment. */
export const handedOn = [
  'CONFIDENCE',
  'TRACKING',
  'DECODE',
  'ASPECT',
  'ROTATE',
  'SINGLE_SESSION',
  'STREAM_SERVER',
  'MEDIA_DIR',
  'MODELS_DIR',
  'MODEL_THREADS',
  'PROVIDERS',
  'INPUT_ARGS',
  'DECODER',
  'FROZEN_AFTER',
  'KEEP_PACKETS',
  'RTSP_READER',
  'PACKET_MEMORY',
  'CLIP_CLOCK',
  'METRICS_INTERVAL',
  'LOG_LEVEL',
  'MQTT_CA_FILE',
  'MQTT_PROTOCOL',
  'MQTT_MAX_PACKET_BYTES',
  'FFMPEG_BIN',
] as const;

/**
 * Returns the environment of a dedicated processor's process: what any program needs, the settings in `handedOn`, and what this one is
 * for. Of the broker it gets the credentials of dedicated processors, never the orchestrator's own.
 */
export function processorEnvironment(
  inherited: NodeJS.ProcessEnv,
  defaults: ProcessorDefaults,
  spec: DedicatedSpec,
): NodeJS.ProcessEnv {
  const env = childEnvironment(inherited, handedOn);
  env.INSTANCE_ID = spec.instanceId;
  env.ROLE = 'dedicated';
  env.STREAMS = spec.sourceIds.join(',');
  env.MAX_FPS = String(spec.maxFps);
  env.MQTT_URL = defaults.mqttUrl;
  env.TOPIC_PREFIX = defaults.topicPrefix;
  env.ENABLE_CONTROL = 'true';
  const model = spec.modelId ?? defaults.modelId;
  if (model !== undefined) {
    env.MODEL = model;
  }
  if (spec.providers !== undefined) {
    env.PROVIDERS = spec.providers.join(',');
  }
  if (spec.incidentId !== undefined) {
    env.INCIDENT_ID = spec.incidentId;
  }
  if (spec.traceId !== undefined) {
    env.TRACE_ID = spec.traceId;
  }
  if (defaults.mqttPassword !== undefined) {
    env.MQTT_USERNAME = defaults.mqttUsername ?? spec.instanceId;
    env.MQTT_PASSWORD = defaults.mqttPassword;
  }
  return env;
}
