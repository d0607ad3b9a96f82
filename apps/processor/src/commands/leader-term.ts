import { type CommandEnvelope, CommandError, channels } from '@vigilia/protocol';
import type { ChannelBus } from '@vigilia/service';

/** The term of the acting orchestrator, from its own status only: what a command claims proves nothing. */
export class LeaderTerm {
  readonly #bus: ChannelBus;
  #term = -1;

  constructor({ bus }: { readonly bus: ChannelBus }) {
    this.#bus = bus;
  }

  async start(): Promise<void> {
    await this.#bus.subscribe(channels.orchestratorStatus, ({ value }) => {
      if (value?.term !== undefined) {
        this.#term = value.term;
      }
    });
  }

  /** @throws CommandError `stale_leader` for a command of an orchestrator that no longer leads. */
  check(leader: CommandEnvelope['leader']): void {
    if (leader === undefined || leader.term >= this.#term) return;
    throw new CommandError(
      'stale_leader',
      `Orchestrator ${leader.instance_id} no longer leads: its term is ${leader.term}, the current one ${this.#term}`,
    );
  }
}
