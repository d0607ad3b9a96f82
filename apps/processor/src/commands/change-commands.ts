import {
  type BatchableCommand,
  batchableCommands,
  type ChangeResult,
  CommandError,
  parseBatch,
  parseCommand,
} from '@vigilia/protocol';
import { editAll } from '../config/edit-config.ts';
import type { AddressRules } from '../config/processor-config.ts';
import type { StatusBoard } from '../publish/status-board.ts';
import type { Reconciler } from '../reconcile/reconciler.ts';
import type { ReceivedCommand } from './received-command.ts';

export interface ChangeCommandsOptions {
  readonly reconciler: Reconciler;
  readonly rules: AddressRules;
  readonly board: StatusBoard;
}

const names: ReadonlySet<string> = new Set([...batchableCommands, 'batch_commands']);

/** The commands that edit the configuration: `reconfiguring`, then `running`; a failed one says `error` in between. */
export class ChangeCommands {
  readonly #options: ChangeCommandsOptions;

  constructor(options: ChangeCommandsOptions) {
    this.#options = options;
  }

  has(name: string): boolean {
    return names.has(name);
  }

  /** @throws CommandError; the configuration is then as it was. */
  async run(command: ReceivedCommand, signal: AbortSignal): Promise<ChangeResult> {
    const { board } = this.#options;
    board.set('reconfiguring');
    try {
      const result = await this.#apply(command, signal);
      board.settle();
      return result;
    } catch (error) {
      const code = error instanceof CommandError ? error.code : 'internal';
      board.fail({ command: command.name, command_id: command.commandId, code });
      throw error;
    }
  }

  async #apply(command: ReceivedCommand, signal: AbortSignal): Promise<ChangeResult> {
    const { reconciler, rules } = this.#options;
    const parsed = parseCommand(command.name, command.params);
    // the schema of a batch lets through nothing else
    const edits = (parsed.command === 'batch_commands' ? parseBatch(parsed.params) : [parsed]) as BatchableCommand[];
    const { config, allowBlind, mustFindPerson } = editAll(reconciler.config, edits, rules);
    return reconciler.apply(config, { signal, allowBlind, mustFindPerson, traceId: command.traceId });
  }
}
