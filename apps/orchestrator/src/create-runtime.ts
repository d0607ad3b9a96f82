import { fileURLToPath } from 'node:url';
import type { Clock, Logger } from '@vigilia/service';
import { DockerRuntime } from './runtime/docker-runtime.ts';
import { ProcessRuntime } from './runtime/process-runtime.ts';
import type { Runtime } from './runtime/runtime.ts';
import { SwarmRuntime } from './runtime/swarm-runtime.ts';
import type { OrchestratorSettings } from './settings.ts';

/** Beside this orchestrator, built like it. */
const besideUs = fileURLToPath(new URL('../../processor/dist/main.js', import.meta.url));

/** The runtime that the settings name. */
export function createRuntime(options: {
  readonly settings: OrchestratorSettings;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly logger: Logger;
}): Runtime {
  const { settings, env, clock, logger } = options;
  const model = settings.processorModel;
  const defaults = {
    mqttUrl: settings.processorMqttUrl ?? settings.mqttUrl,
    topicPrefix: settings.topicPrefix,
    ...(model === undefined ? {} : { modelId: model }),
  };
  if (settings.runtime === 'process') {
    const processorEntry = settings.processorEntry ?? besideUs;
    return new ProcessRuntime({ processorEntry, dataDir: settings.dataDir, defaults, env, clock, logger });
  }
  const containers = {
    ...defaults,
    image: settings.processorImage,
    streamServer: settings.streamServer,
    frozenAfterSeconds: settings.frozenAfter,
    cpus: settings.dedicatedCpus,
    memoryMb: settings.dedicatedMemoryMb,
  };
  const common = { host: settings.dockerHost, defaults: containers, clock, logger };
  if (settings.runtime === 'docker') return new DockerRuntime(common);
  return new SwarmRuntime({ ...common, placement: settings.dedicatedPlacement });
}
