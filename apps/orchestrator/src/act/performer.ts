import { channels, ownerOfCommand, withoutUndefined } from '@vigilia/protocol';
import { type ChannelBus, type Clock, type Logger, redactUrl } from '@vigilia/service';
import type { Store } from '../observe/store.ts';
import { type Act, authorOfAct } from '../plan/action.ts';
import { type Runtime, RuntimeError } from '../runtime/runtime.ts';
import type { ActProgress } from './act-progress.ts';
import { beforeSpawn } from './before-spawn.ts';
import type { CommandSender } from './command-sender.ts';

export interface PerformerOptions {
  readonly bus: ChannelBus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: Store;
  readonly progress: ActProgress;
  readonly sender: CommandSender;
  readonly runtime: Runtime;
  /** Reads the runtime's list into the store. */
  readonly refresh: () => Promise<void>;
  /** Something changed: look again. */
  readonly changed: () => void;
}

type Failed = { readonly code: string; readonly message: string };

/** Does what takes time. An act that fails is recorded in the progress of acts; nothing is thrown. */
export class Performer {
  readonly #options: PerformerOptions;
  readonly #running = new Set<Promise<void>>();

  constructor(options: PerformerOptions) {
    this.#options = options;
  }

  /** Begins an act and returns at once. */
  perform(act: Act): void {
    this.#options.progress.begin(act.key);
    const running = this.#run(act).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when no act is under way. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async #run(act: Act): Promise<void> {
    const { progress, clock, changed } = this.#options;
    const startedMs = clock.monotonic();
    const failure = await this.#attempt(act).catch((error: unknown) => describe(error));
    this.#log(act, clock.monotonic() - startedMs, failure);
    if (failure === undefined) {
      progress.succeed(act.key);
    } else if (failure.code === 'lost') {
      progress.abandon(act.key);
    } else {
      progress.fail(act.key, failure, clock.monotonic());
    }
    changed();
  }

  #attempt(act: Act): Promise<Failed | undefined> {
    if (act.kind === 'command') return this.#command(act);
    return act.kind === 'spawn' ? this.#spawn(act) : this.#stop(act);
  }

  async #command(act: Extract<Act, { kind: 'command' }>): Promise<Failed | undefined> {
    const { sender, store, clock, bus } = this.#options;
    const author = authorOfAct(act);
    const judgement = await sender.send(act.instanceId, act.command, { traceId: act.traceId, author });
    if (!judgement.done) return judgement;
    const owner = ownerOfCommand(author, { at: new Date(clock.now()).toISOString() });
    store.completed(act.instanceId, act.command, { owner, restores: author.restores, nowMs: clock.monotonic() });
    if (act.tells !== undefined) {
      await bus.publish(channels.event, { type: act.tells.event }, act.tells);
    }
    return undefined;
  }

  async #spawn(act: Extract<Act, { kind: 'spawn' }>): Promise<Failed | undefined> {
    const { runtime, refresh, store } = this.#options;
    await refresh();
    const look = beforeSpawn(store.facts().runtime, act.spec);
    if (look === 'unreachable') throw new RuntimeError('unreachable', `the engine (${runtime.name}) does not answer`);
    if (look === 'exists') return undefined;
    await runtime.spawn(act.spec);
    // the list must name it before the act ends, or the next look would start a second one
    await refresh();
    return undefined;
  }

  async #stop(act: Extract<Act, { kind: 'stop' }>): Promise<Failed | undefined> {
    const { runtime, refresh, sender, store, clock } = this.#options;
    const known = await runtime.stop(act.instanceId);
    // started by another runtime or on another host: commands still reach it
    if (known) {
      store.processors.ended(act.instanceId, clock.monotonic());
    } else {
      await sender.send(act.instanceId, { command: 'stop', params: {} }, { traceId: act.traceId });
    }
    await refresh();
    return undefined;
  }

  #log(act: Act, durationMs: number, failure: Failed | undefined): void {
    const { logger } = this.#options;
    const what = act.kind === 'command' ? act.command.command : `${act.kind}_dedicated`;
    const { incidentId, traceId } = act.kind === 'spawn' ? act.spec : act;
    const fields = withoutUndefined({
      event: failure === undefined ? `${what}_completed` : `${what}_failed`,
      target: act.kind === 'spawn' ? act.spec.instanceId : act.instanceId,
      params: act.kind === 'command' ? act.command.params : undefined,
      why: act.why,
      incident_id: incidentId,
      trace_id: traceId,
      duration_ms: Math.round(durationMs),
    });
    if (failure === undefined) {
      logger.info(fields, `${what} done`);
    } else {
      logger.warn({ ...fields, code: failure.code, reason: failure.message }, `${what} failed`);
    }
  }
}

/** The words of an engine or a processor go into the incident's note, which people read. */
function describe(error: unknown): Failed {
  const message = redactUrl(error instanceof Error ? error.message : String(error));
  return { code: error instanceof RuntimeError ? error.code : 'failed', message };
}
