import { type ChangeCommand, type ChangeResult, CommandError } from '@vigilia/protocol';
import type { Clock } from '@vigilia/service';
import { editAll } from '../config/edit-config.ts';
import type { AddressRules } from '../config/processor-config.ts';
import type { StatusBoard } from '../publish/status-board.ts';
import type { Reconciler } from '../reconcile/reconciler.ts';
import { ownerOf, type ReceivedCommand } from './received-command.ts';

export interface ChangeCommandsOptions {
  readonly reconciler: Reconciler;
  readonly rules: AddressRules;
  readonly board: StatusBoard;
  readonly clock: Clock;
}

/** The commands that edit the configuration: the status is `reconfiguring`, then `running`; after a failure `error` in between. */
export class ChangeCommands {
  readonly #options: ChangeCommandsOptions;

  constructor(options: ChangeCommandsOptions) {
    this.#options = options;
  }

  /** @throws CommandError; the configuration is then as it was. */
  async run(edits: readonly ChangeCommand[], command: ReceivedCommand, signal: AbortSignal): Promise<ChangeResult> {
    const { board } = this.#options;
    board.set('reconfiguring');
    try {
      const result = await this.#apply(edits, command, signal);
      board.setRunningOrPaused();
      return result;
    } catch (error) {
      const code = error instanceof CommandError ? error.code : 'internal';
      board.fail({ command: command.command.command, command_id: command.commandId, code });
      throw error;
    }
  }

  async #apply(edits: readonly ChangeCommand[], command: ReceivedCommand, signal: AbortSignal): Promise<ChangeResult> {
    const { reconciler, rules, clock } = this.#options;
    const context = { rules, owner: ownerOf(command, clock.now()), restores: command.author.restores };
    const { config, allowBlind, mustFindPerson } = editAll(reconciler.config, edits, context);
    return reconciler.apply(config, { signal, allowBlind, mustFindPerson, traceId: command.traceId });
  }
}
