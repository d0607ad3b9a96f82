import { type CommandName, channels, type MetricsReport } from '@vigilia/protocol';
import { type ChannelBus, type Clock, redactDeep } from '@vigilia/service';
import type { CommandAnswer } from '../shared/command-result.ts';
import type { LiveSite } from './live-site.ts';

export interface PublishedResultsOptions {
  readonly bus: ChannelBus;
  readonly clock: Clock;
}

/** A report is on its way before the answer to its command, but nothing promises the order. */
const lateMs = 2000;
const keptReports = 200;

/** Processors answer `status`, `ping` and `metrics` with a message of its own; this adds it to the answer that a person sees. */
export class PublishedResults {
  readonly #options: PublishedResultsOptions;
  /** By command and processor. */
  readonly #reports = new Map<string, MetricsReport>();

  constructor(options: PublishedResultsOptions) {
    this.#options = options;
  }

  /** Call it before the bus is started. */
  start(): void {
    const subscribed = this.#options.bus.subscribe(channels.metricsReport, ({ value }) => {
      if (value?.command_id === undefined) return;
      this.#reports.set(reportKey(value.command_id, value.instance_id), value);
      const oldest = this.#reports.keys().next().value;
      if (this.#reports.size > keptReports && oldest !== undefined) {
        this.#reports.delete(oldest);
      }
    });
    subscribed.catch(() => undefined);
  }

  /** Returns the answer with what each processor published because of the command, as far as the account may see it. */
  async addTo(answer: CommandAnswer, command: CommandName, site: LiveSite): Promise<CommandAnswer> {
    if (command !== 'status' && command !== 'ping' && command !== 'metrics') return answer;
    const answers = answer.answers.map(async (one) => {
      const result = one.ok
        ? await this.#resultOf(command, { commandId: answer.commandId, instanceId: one.from, site })
        : undefined;
      return result === undefined ? one : { ...one, result: redactDeep(result) as Readonly<Record<string, unknown>> };
    });
    return { ...answer, answers: await Promise.all(answers) };
  }

  async #resultOf(
    command: CommandName,
    { commandId, instanceId, site }: { commandId: string; instanceId: string; site: LiveSite },
  ): Promise<object | undefined> {
    const { clock } = this.#options;
    if (command !== 'metrics') return site.house.processors.get(instanceId);
    const endMs = clock.monotonic() + lateMs;
    const report = () => this.#reports.get(reportKey(commandId, instanceId));
    while (report() === undefined && clock.monotonic() < endMs) {
      await clock.sleep(50);
    }
    return report();
  }
}

function reportKey(commandId: string, instanceId: string): string {
  return `${commandId} ${instanceId}`;
}
