import { fileURLToPath } from 'node:url';
import { type Clock, type Logger, UsageError } from '@vigilia/service';
import { DockerRuntime } from './runtime/docker-runtime.ts';
import { ProcessRuntime } from './runtime/process-runtime.ts';
import type { Runtime } from './runtime/runtime.ts';
import type { OrchestratorSettings } from './settings.ts';

/** Beside this orchestrator, built like it. */
const besideUs = fileURLToPath(new URL('../../processor/dist/main.js', import.meta.url));

/** The runtime that the settings name. @throws UsageError `invalid_settings` */
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
  switch (settings.runtime) {
    case 'process': {
      const processorEntry = settings.processorEntry ?? besideUs;
      return new ProcessRuntime({ processorEntry, dataDir: settings.dataDir, defaults, env, clock, logger });
    }
    case 'docker':
      return new DockerRuntime({
        host: settings.dockerHost,
        defaults: {
          ...defaults,
          image: settings.processorImage,
          streamServer: settings.streamServer,
          frozenAfterSeconds: settings.frozenAfter,
          cpus: settings.dedicatedCpus,
          memoryMb: settings.dedicatedMemoryMb,
        },
        clock,
        logger,
      });
    default:
      throw new UsageError({
        code: 'invalid_settings',
        message: `The runtime ${settings.runtime} is not built yet.`,
        remedy: 'Use --runtime process or docker.',
      });
  }
}
