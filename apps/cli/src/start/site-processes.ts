import type { Clock, Logger } from '@vigilia/service';
import { type EmbeddedBroker, startEmbeddedBroker } from '@vigilia/service/embedded-broker';
import { ServiceChild } from './child.ts';
import type { ServicePlan } from './site-plan.ts';

export interface SiteProcessesOptions {
  readonly services: readonly ServicePlan[];
  readonly logDir: string;
  readonly clock: Clock;
  readonly onTrouble: (text: string) => void;
  /** Ends what the orchestrator started and, by design, leaves running. */
  readonly endDedicated: () => Promise<void>;
}

/** The processes of `vigilia start`. */
export class SiteProcesses {
  readonly #settings: SiteProcessesOptions;
  readonly #children: ServiceChild[] = [];
  #stopped: Promise<void> | undefined;

  constructor(settings: SiteProcessesOptions) {
    this.#settings = settings;
  }

  start(): void {
    const { services, logDir, clock, onTrouble } = this.#settings;
    for (const { name, entry, args, env } of services) {
      const child = new ServiceChild({
        name,
        entry,
        args,
        env: { ...process.env, ...dedicatedCredentials(process.env), ...env },
        logFile: `${logDir}/${name}.ndjson`,
        clock,
        onDeath: (death) => {
          const how = death.signal === null ? `code ${death.code}` : death.signal;
          const next = death.again ? 'It is started again.' : 'It is not started again.';
          onTrouble(
            `${name} ended (${how}): ${death.lastMessage || 'without a word'}. ${next} Its log: ${logDir}/${name}.ndjson`,
          );
        },
      });
      child.start();
      this.#children.push(child);
    }
  }

  /** Ends the orchestrator first, so that it does not mend what is being taken down; then all others at once. Idempotent. */
  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    const names = this.#settings.services.map((service) => service.name);
    const first = this.#children[names.indexOf('orchestrator')];
    await first?.stop();
    await this.#settings.endDedicated();
    await Promise.all(this.#children.map((child) => child.stop()));
  }
}

/** The broker on the wanted port or, where that is taken, on a free one. */
export async function startBroker(
  port: number,
  logger: Logger,
  onTaken: (port: number) => void,
): Promise<EmbeddedBroker> {
  try {
    return await startEmbeddedBroker({ port, logger });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'port_in_use') throw error;
    const broker = await startEmbeddedBroker({ port: 0, logger });
    onTaken(broker.port);
    return broker;
  }
}

/** On one machine all services use the same user of the broker, and so do dedicated processors unless they are given their own. */
function dedicatedCredentials(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (env.PROCESSOR_MQTT_PASSWORD !== undefined || env.PROCESSOR_MQTT_PASSWORD_FILE !== undefined) return {};
  const { MQTT_USERNAME: user, MQTT_PASSWORD: password, MQTT_PASSWORD_FILE: file } = env;
  return { PROCESSOR_MQTT_USERNAME: user, PROCESSOR_MQTT_PASSWORD: password, PROCESSOR_MQTT_PASSWORD_FILE: file };
}
