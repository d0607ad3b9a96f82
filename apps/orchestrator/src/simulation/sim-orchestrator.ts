import {
  createTopics,
  type FallReport,
  fallReportSchema,
  type Policy,
  parseOrchestratorCommand,
  parseTopic,
} from '@vigilia/protocol';
import type { SimBroker, SimClient, SimMessage, SimRuntime, Timeline } from '@vigilia/simulated-site';
import { ActProgress } from '../act/act-progress.ts';
import { dispatch } from '../observe/dispatch.ts';
import { Store } from '../observe/store.ts';
import { observedMessage } from '../observe/testing/observed-message.ts';
import type { Act, Action, Plan } from '../plan/action.ts';
import { isAct } from '../plan/action.ts';
import { desiredRoomsOf } from '../plan/desired-rooms-of.ts';
import { plan } from '../plan/plan.ts';
import { SimActs } from './sim-acts.ts';
import { record } from './sim-record.ts';

export interface SimOrchestratorOptions {
  readonly time: Timeline;
  readonly broker: SimBroker;
  readonly runtime: SimRuntime;
  readonly policy: Policy;
  /** Called before each action; throws `Crash` to kill the orchestrator right there. */
  readonly before?: (action: Action) => void;
}

/** Thrown by `before`: the orchestrator is dead from this action on. */
export class Crash extends Error {}

const topics = createTopics();
let lives = 0;

/** The real store, planner and progress of acts around simulated adapters: one boot of an orchestrator. */
export class SimOrchestrator implements SimClient {
  readonly id = 'orchestrator';
  readonly persistent = true;
  readonly store: Store;
  readonly progress = new ActProgress();
  alive = true;
  /** Actions of every look that had any, newest last. */
  readonly looks: { atMs: number; actions: readonly Action[] }[] = [];
  readonly answers: unknown[] = [];
  readonly #options: SimOrchestratorOptions;
  readonly #bootId: string;
  readonly #acts: SimActs;
  readonly #holding = new Map<string, (() => void)[]>();
  #falls = 0;
  #whole = false;
  #listed = false;
  #lookDue = false;
  #wakeAtMs: number | undefined;

  constructor(options: SimOrchestratorOptions) {
    this.#options = options;
    lives += 1;
    this.#bootId = `orc-${lives}`;
    this.store = new Store('orchestrator');
    const { time, broker, runtime } = options;
    const { store, progress } = this;
    this.#acts = new SimActs({
      bootId: this.#bootId,
      time,
      broker,
      runtime,
      store,
      progress,
      alive: () => this.alive,
      list: () => this.#list(),
      changed: () => this.#lookSoon(),
    });
  }

  start(): void {
    this.#list();
    this.#connect();
    this.#tick();
  }

  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    this.#options.broker.vanish(this.id, 0);
  }

  /** The plan for this moment, without doing anything. */
  plan(): Plan {
    const view = { ...this.store.facts(), pending: this.progress.pending, failures: this.progress.failures };
    return plan(view, this.store.policy ?? this.#options.policy, this.#options.time.now);
  }

  get acting(): boolean {
    return this.alive && this.#whole && this.#listed && this.#options.broker.isOnline(this.id);
  }

  wants(topic: string): boolean {
    return topic.startsWith(topics.prefix) && topic !== topics.statusShared && topic !== topics.ackShared;
  }

  connected(): void {
    const { monoMs } = this.#options.time;
    this.store.connected(monoMs);
    this.#acts.connected();
    this.#whole = false;
    for (const { incident } of this.store.incidents.all.values()) {
      this.#retain(topics.incident(incident.incident_id), incident);
    }
    const { desired, desiredRevision, removedRooms } = this.store.facts();
    if (desired !== undefined) {
      const at = { updated_at: this.#options.time.iso, revision: desiredRevision };
      this.#retain(topics.orchestratorRooms, desiredRoomsOf(desired, removedRooms, at));
    }
    if (this.store.alarmFigures.figures !== undefined) {
      this.#retain(topics.alarmFigures, this.store.alarmFigures.figures);
    }
    if (this.store.policy !== undefined) {
      this.#retain(topics.orchestratorPolicy, { ...this.store.policy, history: this.store.policyHistory });
    }
    // after SUBACK and its retained messages: they were put into our queue before this one
    this.#options.time.after(0, () => this.#options.broker.publish(topics.orchestratorMarker(this.#bootId), {}));
  }

  disconnected(): void {
    this.#whole = false;
    if (this.alive) {
      this.#options.time.after(500, () => this.#connect());
    }
  }

  receive(message: SimMessage, done: () => void): void {
    if (!this.alive) return;
    const { topic, body, retain, dup = false } = message;
    if (topic === topics.orchestratorMarker(this.#bootId)) {
      this.#whole = true;
      this.store.whole(this.#options.time.monoMs);
      done();
    } else if (topic === topics.event('fall_detected') || topic === topics.event('fall_suspected')) {
      const report = fallReportSchema.safeParse(body);
      if (!report.success) {
        done();
        return;
      }
      this.#fall(report.data, { type: topic.slice(topic.lastIndexOf('/') + 1), redelivered: dup }, done);
      return;
    } else if (topic === topics.orchestratorCommands) {
      const { command, params, command_id } = body as { command: string; params: unknown; command_id: string };
      const parsed = parseOrchestratorCommand(command, params);
      this.#hold(this.store.enqueue({ kind: 'request', command: parsed }, `request ${command_id}`), done);
    } else {
      done();
      if (isAck(topic)) {
        this.#acts.ack(body);
      }
      const heard = observedMessage({ topic, body, retain });
      if (heard === undefined) return;
      if (heard.channel === 'status' && heard.value !== undefined) {
        this.#acts.status(heard.value);
      }
      if (dispatch(this.store, heard, this.#options.time.now) !== 'plan') return;
    }
    this.#lookSoon();
  }

  #fall(report: FallReport, how: { type: string; redelivered: boolean }, done: () => void): void {
    this.#falls += 1;
    const fingerprint = `report-${report.event_id ?? this.#falls}`;
    const item = { kind: 'fall', report, fingerprint, ...how } as const;
    this.#hold(this.store.enqueue(item, `fall ${report.event_id ?? this.#falls}`), done);
    this.#lookSoon();
  }

  #hold(id: string, done: () => void): void {
    this.#holding.set(id, [...(this.#holding.get(id) ?? []), done]);
  }

  #connect(): void {
    if (!this.alive || this.#options.broker.isOnline(this.id)) return;
    if (!this.#options.broker.connect(this)) {
      this.#options.time.after(500, () => this.#connect());
    }
  }

  #tick(): void {
    this.#options.time.after(5000, () => {
      if (!this.alive) return;
      this.#list();
      this.#runRound();
      this.#tick();
    });
  }

  #list(): void {
    if (!this.alive) return;
    const list = this.#options.runtime.list();
    this.#listed = true;
    if (list === undefined) {
      this.store.runtimeUnreachable();
    } else {
      this.store.setRuntime(list, this.#options.runtime.capacity, this.#options.time.monoMs);
    }
    this.#lookSoon();
  }

  #lookSoon(): void {
    if (this.#lookDue) return;
    this.#lookDue = true;
    this.#options.time.after(5, () => {
      this.#lookDue = false;
      this.#runRound();
    });
  }

  #runRound(): void {
    if (!this.acting) return;
    const { actions, wakeAtMs } = this.plan();
    const { monoMs } = this.#options.time;
    if (
      wakeAtMs !== undefined &&
      (this.#wakeAtMs === undefined || this.#wakeAtMs <= monoMs || wakeAtMs < this.#wakeAtMs)
    ) {
      this.#wakeAtMs = wakeAtMs;
      this.#options.time.after(wakeAtMs - monoMs + 1, () => this.alive && this.#lookSoon());
    }
    if (actions.length === 0) return;
    this.looks.push({ atMs: monoMs, actions });
    try {
      for (const action of actions) {
        this.#options.before?.(action);
        if (isAct(action)) {
          this.#acts.perform(action);
        } else {
          this.#record(action);
        }
      }
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.kill();
    }
    this.#lookSoon();
  }

  #retain(topic: string, body: unknown): void {
    this.#options.broker.publish(topic, body, { retain: true });
  }

  #record(action: Exclude<Action, Act>): void {
    const { broker, time } = this.#options;
    if (action.kind !== 'settle') {
      record(action, { broker, time, store: this.store });
      return;
    }
    this.answers.push(action.answer);
    for (const done of this.#holding.get(action.id) ?? []) {
      done();
    }
    this.#holding.delete(action.id);
    this.store.settle(action.id);
  }
}

function isAck(topic: string): boolean {
  return parseTopic(topic, topics.roots)?.channel.name === 'ack';
}
