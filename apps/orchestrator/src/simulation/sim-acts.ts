import { type Ack, ackSchema, createTopics, ownerOfCommand, type Status } from '@vigilia/protocol';
import type { SimBroker, SimFailure, SimRuntime, Timeline } from '@vigilia/simulated-site';
import type { ActProgress } from '../act/act-progress.ts';
import { beforeSpawn } from '../act/before-spawn.ts';
import { ownCommandPrefix } from '../act/command-sender.ts';
import { judgeAck } from '../act/judge-ack.ts';
import type { Store } from '../observe/store.ts';
import { type Act, authorOfAct, type DedicatedSpec } from '../plan/action.ts';
import { answerWithinMs } from '../plan/watchers.ts';

export interface SimActsOptions {
  readonly bootId: string;
  readonly time: Timeline;
  readonly broker: SimBroker;
  readonly runtime: SimRuntime;
  readonly store: Store;
  readonly progress: ActProgress;
  readonly alive: () => boolean;
  /** Reads the runtime's list. */
  readonly list: () => void;
  readonly changed: () => void;
}

type CommandAct = Extract<Act, { kind: 'command' }>;

const topics = createTopics();
const commandTimeoutMs = 45_000;

/** What `act/performer.ts` and `act/command-sender.ts` do, on simulated time. */
export class SimActs {
  readonly #o: SimActsOptions;
  readonly #commands = new Map<string, { readonly act: CommandAct; readonly bootId: string | undefined }>();
  #count = 0;

  constructor(options: SimActsOptions) {
    this.#o = options;
  }

  perform(act: Act): void {
    const { progress, runtime, store, time } = this.#o;
    progress.begin(act.key);
    if (act.kind === 'command') {
      this.#send(act);
      return;
    }
    const finished = (error?: SimFailure): void => {
      if (!this.#o.alive()) return;
      if (act.kind === 'stop' && error === undefined) {
        store.processors.ended(act.instanceId, time.monoMs);
      }
      this.#o.list();
      this.#finish(act.key, error);
    };
    if (act.kind === 'spawn') {
      this.#spawn(act.spec, finished);
    } else {
      runtime.stop(act.instanceId, finished);
    }
  }

  #spawn(spec: DedicatedSpec, finished: (error?: SimFailure) => void): void {
    const { runtime, store, list } = this.#o;
    list();
    const look = beforeSpawn(store.facts().runtime, spec);
    if (look === 'start') {
      runtime.spawn(spec, finished);
    } else {
      finished(look === 'exists' ? undefined : { code: 'unreachable', message: 'the engine does not answer' });
    }
  }

  ack(body: unknown): void {
    const ack: Ack = ackSchema.parse(body);
    const act = this.#commands.get(ack.command_id)?.act;
    if (act === undefined || ack.ack_status === 'received') return;
    this.#commands.delete(ack.command_id);
    const judgement = judgeAck(act.command, ack);
    const { iso, monoMs: nowMs } = this.#o.time;
    const author = authorOfAct(act);
    const owner = ownerOfCommand(author, { at: iso });
    if (judgement.done) {
      this.#o.store.completed(act.instanceId, act.command, { owner, restores: author.restores, nowMs });
    }
    this.#finish(act.key, judgement.done ? undefined : judgement);
  }

  /** After a reconnect it is unknown what became of the commands before. */
  connected(): void {
    for (const { act } of this.#commands.values()) {
      this.#o.progress.abandon(act.key);
    }
    this.#commands.clear();
  }

  /** A command is lost with the life of the processor that it was sent to. */
  status(body: unknown): void {
    const { instance_id: instanceId, boot_id: bootId, status } = body as Status;
    for (const [id, waiting] of [...this.#commands]) {
      if (waiting.act.instanceId !== instanceId) continue;
      if (status === 'offline' ? waiting.bootId !== bootId : waiting.bootId === bootId) continue;
      this.#commands.delete(id);
      this.#o.progress.abandon(waiting.act.key);
      this.#o.changed();
    }
  }

  #send(act: CommandAct): void {
    const { bootId, broker, time, alive } = this.#o;
    this.#count += 1;
    const command_id = `${ownCommandPrefix}${bootId}-${this.#count}`;
    this.#commands.set(command_id, { act, bootId: this.#o.store.processors.all.get(act.instanceId)?.bootId });
    const { command, params } = act.command;
    const sender = { leader: { instance_id: 'orchestrator', term: 1 }, author: authorOfAct(act) };
    broker.publish(topics.commands, { command, params, target_instances: [act.instanceId], command_id, ...sender });
    time.after(command === 'ping' ? answerWithinMs : commandTimeoutMs, () => {
      if (!alive() || !this.#commands.delete(command_id)) return;
      this.#finish(act.key, { code: 'timeout', message: 'no answer' });
    });
  }

  #finish(key: string, error: { code: string; message: string } | undefined): void {
    const { progress, time, changed } = this.#o;
    if (error === undefined) {
      progress.succeed(key);
    } else {
      progress.fail(key, { code: error.code, message: error.message }, time.monoMs);
    }
    changed();
  }
}
