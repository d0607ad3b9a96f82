import { createHash } from 'node:crypto';
import {
  type Ack,
  CommandError,
  channels,
  commandHints,
  type ErrorCode,
  type FallReport,
  type OrchestratorCommand,
  type OrchestratorEnvelope,
  parseOrchestratorCommand,
  rescueFallReport,
} from '@vigilia/protocol';
import {
  type Arrival,
  type ChannelBus,
  type Clock,
  type Received,
  RedeliverError,
  type RejectedMessage,
  type ReplyAddress,
} from '@vigilia/service';
import type { Answer } from '../plan/action.ts';
import type { Store } from './store.ts';

export interface InboxOptions {
  /** A connection of its own: its messages wait unacknowledged until they are decided, and nothing else may wait behind them. */
  readonly bus: ChannelBus;
  readonly clock: Clock;
  readonly store: Store;
  readonly self: string;
  /** Answers a question at once, beside the rounds of the plan. */
  readonly ask: (command: Question) => Answer;
  readonly changed: () => void;
}

/** A command that changes nothing. */
export type Question = Extract<OrchestratorCommand, { command: 'plan' | 'status' | 'get_policy' }>;

interface Waiting {
  readonly resolve: (answer: Answer | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** What an answer needs of its command. */
interface Request {
  readonly command: string;
  readonly commandId: string;
  readonly replyTo: ReplyAddress | undefined;
}

type AckContent = Pick<Ack, 'ack_status' | 'message' | 'error' | 'result'>;

const reportChannels = { fall_detected: channels.fallReport, fall_suspected: channels.fallSuspicion } as const;
type ReportType = keyof typeof reportChannels;

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
    const { bus } = this.#options;
    for (const type of Object.keys(reportChannels) as ReportType[]) {
      await bus.subscribe(
        reportChannels[type],
        ({ value, arrival }) => (value === undefined ? undefined : this.#fall(type, value, arrival)),
        { onRejected: (message) => this.#unreadableFall(type, message) },
      );
    }
    await bus.subscribe(channels.orchestratorCommands, (message) => this.#command(message), {
      onRejected: (message) => this.#rejectedCommand(message),
    });
  }

  /** The plan has decided this item and its records are with the broker. */
  settled(id: string, answer: Answer | undefined): void {
    for (const { resolve } of this.#waiting.get(id) ?? []) {
      resolve(answer);
    }
    this.#waiting.delete(id);
  }

  /** What is not settled is to be delivered again. */
  close(): void {
    this.#closed = true;
    for (const waiting of this.#waiting.values()) {
      for (const { reject } of waiting) {
        reject(new RedeliverError('the orchestrator is stopping'));
      }
    }
    this.#waiting.clear();
  }

  async #fall(type: ReportType, report: FallReport, { payload, dup }: Arrival): Promise<void> {
    this.#count += 1;
    const item = { kind: 'fall', type, report, fingerprint: fingerprintOf(payload), redelivered: dup } as const;
    await this.#settle(this.#options.store.enqueue(item, `fall ${report.event_id ?? this.#count}`));
  }

  /** A report that is not valid may still name a room; otherwise people learn that it could not be used. */
  async #unreadableFall(type: ReportType, { reason, message, arrival }: RejectedMessage): Promise<void> {
    if (reason === 'retained' || reason === 'empty') return;
    const rescued = rescueFallReport(arrival.payload.toString('utf8'));
    if (rescued !== undefined) return this.#fall(type, rescued, arrival);
    const item = { kind: 'unreadable_fall', reason: message, fingerprint: fingerprintOf(arrival.payload) } as const;
    await this.#settle(this.#options.store.enqueue(item, `unreadable ${item.fingerprint}`));
  }

  async #command({ value, arrival }: Received<typeof channels.orchestratorCommands>): Promise<void> {
    if (value === undefined) return;
    const request = { command: value.command, commandId: value.command_id ?? this.#newId(), replyTo: arrival.replyTo };
    try {
      this.#answer(request, await this.#run(request, value));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.#answer(request, failure(error));
    }
  }

  async #run(request: Request, envelope: OrchestratorEnvelope): Promise<AckContent> {
    const command = parseOrchestratorCommand(envelope.command, envelope.params);
    this.#answer(request, { ack_status: 'received' });
    return toAck(await this.#decide(command, request.commandId));
  }

  #rejectedCommand({ reason, message, field, body, arrival }: RejectedMessage): void {
    if (reason === 'retained' || reason === 'empty') return;
    const { command, command_id: commandId = this.#newId() } = commandHints(body);
    const code: ErrorCode = reason === 'invalid_json' ? 'invalid_json' : 'invalid_command';
    const error = new CommandError(code, message, field === undefined ? {} : { field });
    this.#answer({ command, commandId, replyTo: arrival.replyTo }, failure(error));
  }

  #newId(): string {
    this.#count += 1;
    return `made-${this.#options.clock.now()}-${this.#count}`;
  }

  async #decide(command: OrchestratorCommand, commandId: string): Promise<Answer> {
    if (isQuestion(command)) return this.#options.ask(command);
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

  /** Not waited for where it goes: an answer that cannot be delivered must not hold up what comes next. */
  #answer({ command, commandId, replyTo }: Request, content: AckContent): void {
    const { bus, clock, self } = this.#options;
    const ack: Ack = {
      instance_id: self,
      client_id: bus.bus.clientId,
      command,
      command_id: commandId,
      timestamp: new Date(clock.now()).toISOString(),
      ...content,
    };
    void bus.publish(channels.orchestratorAck, {}, ack);
    if (replyTo !== undefined) {
      bus.reply(replyTo, ack);
    }
  }
}

function isQuestion(command: OrchestratorCommand): command is Question {
  return command.command === 'plan' || command.command === 'status' || command.command === 'get_policy';
}

/** Identifies a payload, so that one that the broker delivers again is recognised without trusting its content. */
function fingerprintOf(payload: Buffer): string {
  return `report-${createHash('sha256').update(payload).digest('hex').slice(0, 16)}`;
}

function failure({ code, field, message }: CommandError): AckContent {
  return { ack_status: 'error', message, error: field === undefined ? { code } : { code, field } };
}

function toAck(answer: Answer): AckContent {
  const result = answer.result === undefined ? {} : { result: { ...answer.result } };
  if (answer.ok) return { ack_status: 'completed', message: answer.message, ...result };
  const { code = 'internal', field } = answer;
  const error = field === undefined ? { code } : { code, field };
  return { ack_status: 'error', message: answer.message, error, ...result };
}
