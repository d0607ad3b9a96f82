import { fileURLToPath } from 'node:url';
import { type Clock, type Logger, UsageError } from '@vigilia/service';
import { DockerRuntime } from './runtime/docker-runtime.ts';
import { KubernetesRuntime } from './runtime/kubernetes-runtime.ts';
import { ProcessRuntime } from './runtime/process-runtime.ts';
import type { Runtime } from './runtime/runtime.ts';
import { SwarmRuntime } from './runtime/swarm-runtime.ts';
import type { OrchestratorSettings } from './settings.ts';

/** Beside this orchestrator, built like it. */
const besideUs = fileURLToPath(new URL('../../processor/dist/main.js', import.meta.url));

/** Returns the runtime that the settings name. @throws UsageError `invalid_settings` */
export function createRuntime(options: {
  readonly settings: OrchestratorSettings;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly logger: Logger;
}): Runtime {
  const { settings, env, clock, logger } = options;
  const defaults = {
    mqttUrl: settings.processorMqttUrl ?? settings.mqttUrl,
    topicPrefix: settings.topicPrefix,
    modelId: settings.processorModel,
  };
  if (settings.runtime === 'process') {
    const processorEntry = settings.processorEntry ?? besideUs;
    const { dataDir, processorMqttUsername: mqttUsername, processorMqttPassword: mqttPassword } = settings;
    ensureCredentials(settings);
    const withUser = { ...defaults, mqttUsername, mqttPassword };
    return new ProcessRuntime({ processorEntry, dataDir, defaults: withUser, env, clock, logger });
  }
  const containers = {
    ...defaults,
    image: settings.processorImage,
    streamServer: settings.streamServer,
    frozenAfterSeconds: settings.frozenAfter,
    cpus: settings.dedicatedCpus,
    memoryMb: settings.dedicatedMemoryMb,
    providers: settings.processorProviders,
    devices: settings.processorDevices,
    deviceGroups: settings.processorDeviceGroups,
  };
  if (settings.runtime === 'kubernetes') {
    const { kubeconfig, kubernetesNamespace: namespace } = settings;
    return new KubernetesRuntime({ kubeconfig, namespace, defaults: containers, clock, logger });
  }
  if (settings.runtime === 'swarm' && settings.processorDevices.includes('dri')) {
    throw new UsageError({
      code: 'invalid_settings',
      message: 'vigilia orchestrator: PROCESSOR_DEVICES has dri, which a swarm cannot give to its services.',
      remedy: 'Take dri out, or use RUNTIME=docker or kubernetes on the machine that has the device.',
    });
  }
  const common = { host: settings.dockerHost, defaults: containers, clock, logger };
  if (settings.runtime === 'docker') return new DockerRuntime(common);
  return new SwarmRuntime({ ...common, placement: settings.dedicatedPlacement });
}

/** Where the broker wants credentials, dedicated processors need their own: they get none of the orchestrator's. */
function ensureCredentials({ mqttPassword, processorMqttPassword }: OrchestratorSettings): void {
  if (mqttPassword === undefined || processorMqttPassword !== undefined) return;
  throw new UsageError({
    code: 'invalid_settings',
    message:
      'vigilia orchestrator: MQTT_PASSWORD is set, but not PROCESSOR_MQTT_PASSWORD: dedicated processors could not connect to the broker.',
    remedy:
      'Set PROCESSOR_MQTT_PASSWORD_FILE to the password of dedicated processors; their user is PROCESSOR_MQTT_USERNAME, or the instance id of each.',
  });
}
