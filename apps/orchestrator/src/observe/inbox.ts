import {
  type Ack,
  CommandError,
  fallReportSchema,
  type OrchestratorCommand,
  parseOrchestratorCommand,
  parseOrchestratorEnvelope,
  type Topics,
} from '@vigilia/protocol';
import { type Bus, type BusMessage, type Clock, type Logger, RedeliverError, redactDeep } from '@vigilia/service';
import type { Answer } from '../plan/action.ts';
import { bodyOf } from './observer.ts';
import type { Store } from './store.ts';

export interface InboxOptions {
  /** A connection of its own: its messages wait unacknowledged until they are decided, and nothing else may wait behind them. */
  readonly bus: Bus;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: Store;
  readonly self: string;
  /** Answers `plan` and `status` without a plan. */
  readonly ask: (command: 'plan' | 'status') => Answer;
  readonly changed: () => void;
}

interface Waiting {
  readonly resolve: (answer: Answer | undefined) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Falls and people's commands. Their messages are acknowledged to the broker only when they are settled, that is, when the
 * incident they opened or changed is retained: what the orchestrator had in hand when it died comes again.
 */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #waiting = new Map<string, Waiting[]>();
  #count = 0;
  #closed = false;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** Before the bus starts. */
  async subscribe(): Promise<void> {
    const { bus, topics } = this.#options;
    for (const type of ['fall_detected', 'fall_suspected']) {
      await bus.subscribe(topics.event(type), (message) => this.#fall(type, message));
    }
    await bus.subscribe(topics.orchestratorCommands, (message) => this.#command(message));
  }

  /** The plan has decided this item and its records are with the broker. */
  settled(id: string, answer: Answer | undefined): void {
    for (const { resolve } of this.#waiting.get(id) ?? []) resolve(answer);
    this.#waiting.delete(id);
  }

  /** What is not settled is to be delivered again. */
  close(): void {
    this.#closed = true;
    for (const waiting of this.#waiting.values()) {
      for (const { reject } of waiting) reject(new RedeliverError('the orchestrator is stopping'));
    }
    this.#waiting.clear();
  }

  async #fall(type: string, message: BusMessage): Promise<void> {
    const { store, logger } = this.#options;
    if (message.retain) return;
    const report = fallReportSchema.safeParse(bodyOf(message));
    if (!report.success) {
      logger.warn(
        { event: 'fall_malformed', topic: message.topic, reason: report.error.issues[0]?.message },
        'report ignored',
      );
      return;
    }
    this.#count += 1;
    await this.#settle(
      store.enqueue({ kind: 'fall', type, report: report.data }, `fall ${report.data.event_id ?? this.#count}`),
    );
  }

  async #command(message: BusMessage): Promise<void> {
    if (message.retain) return;
    this.#count += 1;
    let name = 'unknown';
    let commandId = `made-${this.#options.clock.now()}-${this.#count}`;
    try {
      const envelope = parseOrchestratorEnvelope(message.payload.toString('utf8'));
      name = envelope.command;
      commandId = envelope.command_id ?? commandId;
      const command = parseOrchestratorCommand(envelope.command, envelope.params);
      await this.#answer(message, name, commandId, { ack_status: 'received' });
      const answer = await this.#decide(command, commandId);
      await this.#answer(message, name, commandId, toAck(answer));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const field = error.field === undefined ? {} : { field: error.field };
      await this.#answer(message, name, commandId, {
        ack_status: 'error',
        message: error.message,
        error: { code: error.code, ...field },
      });
    }
  }

  async #decide(command: OrchestratorCommand, commandId: string): Promise<Answer> {
    if (command.command === 'plan' || command.command === 'status') return this.#options.ask(command.command);
    const id = this.#options.store.enqueue({ kind: 'request', command }, `request ${commandId}`);
    return (await this.#settle(id)) ?? { ok: true, message: 'done' };
  }

  #settle(id: string): Promise<Answer | undefined> {
    if (this.#closed) return Promise.reject(new RedeliverError('the orchestrator is stopping'));
    const settled = new Promise<Answer | undefined>((resolve, reject) => {
      this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), { resolve, reject }]);
    });
    this.#options.changed();
    return settled;
  }

  async #answer(
    message: BusMessage,
    command: string,
    commandId: string,
    rest: Pick<Ack, 'ack_status'> & Partial<Ack>,
  ): Promise<void> {
    const { bus, topics, clock, self } = this.#options;
    const ack = redactDeep({
      instance_id: self,
      client_id: bus.clientId,
      command,
      command_id: commandId,
      timestamp: new Date(clock.now()).toISOString(),
      ...rest,
    } satisfies Ack);
    await bus.publish(topics.orchestratorAck, ack);
    if (message.responseTopic === undefined) return;
    const { correlationData } = message;
    await bus.publish(message.responseTopic, ack, correlationData === undefined ? {} : { correlationData });
  }
}

function toAck(answer: Answer): Pick<Ack, 'ack_status'> & Partial<Ack> {
  const result = answer.result === undefined ? {} : { result: { ...answer.result } };
  if (answer.ok) return { ack_status: 'completed', message: answer.message, ...result };
  const field = answer.field === undefined ? {} : { field: answer.field };
  return {
    ack_status: 'error',
    message: answer.message,
    error: { code: answer.code ?? 'internal', ...field },
    ...result,
  };
}
