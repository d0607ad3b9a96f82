import { type Command, CommandError, commandDescriptors, isChange, withoutUndefined } from '@vigilia/protocol';
import type { Clock, Logger } from '@vigilia/service';
import type { MetricsPublisher } from '../publish/metrics-publisher.ts';
import type { StatusBoard } from '../publish/status-board.ts';
import type { Reconciler } from '../reconcile/reconciler.ts';
import type { ChangeCommands } from './change-commands.ts';
import type { CommandRunner } from './command-intake.ts';
import { describeChange, previousValues } from './describe-change.ts';
import { ownerOf, type ReceivedCommand } from './received-command.ts';
import { type RenameOptions, renameInstance } from './rename-command.ts';
import type { SnapshotCommand } from './snapshot-command.ts';

export interface ProcessorCommandsOptions {
  readonly reconciler: Reconciler;
  readonly changes: ChangeCommands;
  readonly board: StatusBoard;
  readonly metrics: MetricsPublisher;
  readonly snapshots: SnapshotCommand;
  readonly rename: RenameOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  requestExit(exitCode: number, reason: string): void;
}

type Result = Record<string, unknown> | undefined;

/** Every command of the processor, and a log line at the start and the end of each. */
export class ProcessorCommands implements CommandRunner {
  readonly #options: ProcessorCommandsOptions;
  readonly #counts = new Map<string, number>();

  constructor(options: ProcessorCommandsOptions) {
    this.#options = options;
  }

  isInstant({ command }: Command): boolean {
    return commandDescriptors[command].kind === 'question';
  }

  async run(command: ReceivedCommand, signal: AbortSignal): Promise<Result> {
    const { clock, reconciler, rename } = this.#options;
    const { command: name } = command.command;
    const startedMs = clock.monotonic();
    const before = { config: reconciler.config, instanceId: rename.identity.instanceId };
    const change = describeChange(command.command, before);
    const logger = this.#options.logger.child(
      withoutUndefined({ command_id: command.commandId, trace_id: command.traceId, ...change }),
    );
    logger.info({ event: `${name}_command_start` }, `${name.toUpperCase()} command executing`);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    const elapsed = (): number => Math.round(clock.monotonic() - startedMs);
    try {
      const result = await this.#dispatch(command, signal);
      logger.info({ event: `${name}_completed`, duration_ms: elapsed(), result }, `${name.toUpperCase()} completed`);
      return result;
    } catch (error) {
      const code = error instanceof CommandError ? error.code : 'internal';
      const rolled_back_to = previousValues(change);
      const fields = { event: `${name}_failed`, duration_ms: elapsed(), error_code: code, err: error, rolled_back_to };
      logger[code === 'internal' ? 'error' : 'warn'](fields, `${name.toUpperCase()} failed`);
      throw error;
    }
  }

  answered({ command }: Command): void {
    if (command === 'stop') {
      this.#options.requestExit(0, 'the command stop');
    }
  }

  async #dispatch(received: ReceivedCommand, signal: AbortSignal): Promise<Result> {
    const { changes, board, metrics, snapshots, rename } = this.#options;
    const { command } = received;
    if (isChange(command)) return { ...(await changes.run([command], received, signal)) };
    switch (command.command) {
      case 'batch_commands':
        return { ...(await changes.run(command.params.commands, received, signal)) };
      case 'status':
        return void board.publish();
      case 'ping':
        return void board.publish({ pong: true });
      case 'metrics':
        return void metrics.report({ commandId: received.commandId, commands: Object.fromEntries(this.#counts) });
      case 'snapshot':
        return snapshots.run(command.params, received.commandId);
      case 'pause':
        return this.#setPaused(true, received);
      case 'resume':
        return this.#setPaused(false, received);
      case 'stop':
        return void board.set('stopping');
      case 'rename_instance':
        return { ...(await renameInstance(command.params, rename)) };
    }
  }

  #setPaused(paused: boolean, received: ReceivedCommand): Result {
    const { board, reconciler, clock } = this.#options;
    const changed = reconciler.paused !== paused;
    if (paused) {
      reconciler.pause();
    } else {
      reconciler.resume();
    }
    board.setRunningOrPaused(ownerOf(received, clock.now()));
    return { changed };
  }
}
