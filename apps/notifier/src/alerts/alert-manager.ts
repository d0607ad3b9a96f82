import type { House } from '@vigilia/house';
import type { AlertState } from '@vigilia/protocol';
import type { Clock, Logger } from '@vigilia/service';
import type { OnMyWayLinks } from '../on-my-way/on-my-way-links.ts';
import type { ReplayPictures } from '../pictures/replay-pictures.ts';
import type { AlertMessage } from '../targets/alert-message.ts';
import type { Target } from '../targets/target.ts';
import { alertTexts } from '../texts/alert-texts.ts';
import { type AlertCase, hasLaterFall, isBareFall, isOpen } from './alert-case.ts';
import { alertStates } from './alert-state.ts';
import { type ComposeContext, type ComposeOptions, compose, messageId } from './compose.ts';
import { Dispatcher } from './dispatcher.ts';
import {
  type Reaction,
  type ReportedFall,
  updateFallCases,
  withReaction,
  withRecovery,
  withReportedFall,
} from './fall-cases.ts';
import type { TargetLinkState } from './link-findings.ts';
import { type Delivery, emptyMemory, isAlarm, type Memory } from './memory.ts';
import type { MemoryFile } from './memory-file.ts';
import { type AlertPlan, planDeliveries } from './plan.ts';
import { type RefusedReport, updateRefusalCases, withRefusal } from './refusal-cases.ts';
import { TargetHealth, type TargetState } from './target-health.ts';
import { updateTroubleCases } from './trouble-cases.ts';

export interface AlertManagerOptions {
  readonly plan: AlertPlan;
  readonly targets: ReadonlyMap<string, Target>;
  /** How a target's messages are written. */
  readonly styleOf: (target: string) => ComposeOptions;
  /** Who receives the messages of a target. */
  readonly recipientOf: (target: string) => string;
  /** Without them messages carry no link to acknowledge. */
  readonly links?: OnMyWayLinks;
  /** Without them messages carry no picture. */
  readonly pictures?: Pick<ReplayPictures, 'of'>;
  readonly file: MemoryFile;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onAttempt: (target: string, outcome: 'sent' | 'failed') => void;
}

/** The site as it is known, and whether all that was retained has arrived. */
export interface ObservedSite {
  readonly house: House;
  readonly nowMs: number;
  readonly whole: boolean;
}

/** From what is known of the site to messages that arrive: observe → plan → save → send. */
export class AlertManager {
  readonly #options: AlertManagerOptions;
  readonly #dispatcher: Dispatcher;
  readonly #health = new TargetHealth();
  #memory: Memory = emptyMemory;

  constructor(options: AlertManagerOptions) {
    this.#options = options;
    const { targets, clock, onAttempt } = options;
    this.#dispatcher = new Dispatcher({
      targets,
      clock,
      onAttempt,
      health: this.#health,
      logger: options.logger,
      pending: () => this.#pending(),
      compose: (delivery) => this.#compose(delivery),
      onBegun: (delivery, begun) => this.#mark(delivery, { begun }),
      onDropped: (delivery) => this.#mark(delivery, { state: 'dropped' }),
      onSent: (delivery) => this.#mark(delivery, { state: 'sent', sentAt: new Date(clock.now()).toISOString() }),
    });
  }

  /** Reads what was remembered. Call it before the first look. */
  async start(): Promise<void> {
    this.#memory = await this.#options.file.load();
    this.#recall();
    for (const { link } of this.#options.targets.values()) {
      link?.start();
    }
  }

  /** Takes in the state of the site; resolves when what follows from it is saved. */
  observe(view: ObservedSite): Promise<void> {
    const { house, nowMs, whole } = view;
    const seen = { house, nowMs, whole, links: this.#links() };
    const looked = (cases: readonly AlertCase[]) => updateTroubleCases(updateFallCases(cases, view), seen);
    return this.#update((cases) => updateRefusalCases(looked(cases), view.nowMs), view.nowMs);
  }

  /** A fall was reported; resolves when it is saved. */
  reported(fall: ReportedFall, view: ObservedSite): Promise<void> {
    return this.#update((cases) => withReportedFall(updateFallCases(cases, view), fall, view), view.nowMs);
  }

  /** Opens a warning that no incident was opened for a fall report; resolves when it is saved. */
  refused(report: RefusedReport, view: ObservedSite): Promise<void> {
    return this.#update((cases) => withRefusal(cases, report, view), view.nowMs);
  }

  /** A processor reports that the person is up; resolves when it is saved. */
  recovered(sourceId: number, at: string, view: ObservedSite): Promise<void> {
    return this.#update((cases) => withRecovery(cases, { sourceId, at, ...view }), view.nowMs);
  }

  /** A person reacted; resolves when it is remembered. */
  reacted(reaction: Reaction, view: ObservedSite): Promise<void> {
    return this.#update((cases) => withReaction(updateFallCases(cases, view), reaction, view.nowMs), view.nowMs);
  }

  get openCases(): readonly AlertCase[] {
    return this.#memory.cases.filter(isOpen);
  }

  /** Where the alerting of each incident stands, by incident id. */
  alertStates({ house, nowMs }: ObservedSite): ReadonlyMap<string, AlertState> {
    return alertStates(this.#memory, house.incidents, this.#options.plan, nowMs);
  }

  /** Incident ids of drills with alerts that are over and have not been reported. */
  get finishedDrills(): readonly string[] {
    return this.#memory.cases.flatMap(({ incidentId, withAlerts, closed, reported }) =>
      incidentId !== undefined && withAlerts === true && closed !== undefined && reported !== true ? [incidentId] : [],
    );
  }

  /** The report of a drill was published; resolves when that is remembered. */
  async drillReported(incidentId: string): Promise<void> {
    const cases = this.#memory.cases.map((one) => (one.incidentId === incidentId ? { ...one, reported: true } : one));
    this.#memory = { ...this.#memory, cases };
    await this.#options.file.save(this.#memory);
  }

  get remembers(): boolean {
    return !this.#options.file.failing;
  }

  /** Each target by name. */
  states(): Record<string, TargetState> {
    const pendingOf = (name: string): number =>
      this.#memory.deliveries.filter(({ target, state }) => target === name && state === 'pending').length;
    const stateOf = ({ name, link }: Target): TargetState => {
      const state = this.#health.state(name, pendingOf(name));
      const lostForMs = link?.lostForMs();
      return lostForMs === undefined ? state : { ...state, ok: false, link_lost_seconds: Math.round(lostForMs / 1000) };
    };
    return Object.fromEntries([...this.#options.targets.values()].map((target) => [target.name, stateOf(target)]));
  }

  async stop(): Promise<void> {
    await this.#dispatcher.stop();
    for (const { link } of this.#options.targets.values()) {
      link?.stop();
    }
    await this.#options.file.save(this.#memory);
  }

  /** Targets that keep track of their calls know them again after a restart. */
  #recall(): void {
    const open = new Set(this.openCases.map(({ key }) => key));
    for (const delivery of this.#memory.deliveries) {
      const target = this.#options.targets.get(delivery.target);
      const arrived = delivery.state === 'sent' || delivery.begun;
      const message = target?.recall !== undefined && arrived ? this.#compose(delivery) : undefined;
      if (message !== undefined && open.has(delivery.caseKey)) {
        target?.recall?.(message);
      }
    }
  }

  #links(): TargetLinkState[] {
    return [...this.#options.targets.values()].flatMap(({ name, link }) =>
      link === undefined ? [] : [{ target: name, lostForMs: link.lostForMs() }],
    );
  }

  async #update(edit: (cases: readonly AlertCase[]) => readonly AlertCase[], nowMs: number): Promise<void> {
    const before = this.#memory;
    const looked = { ...before, cases: edit(before.cases).map((one) => this.#pictured(one)) };
    this.#memory = planDeliveries(looked, this.#options.plan, nowMs);
    this.#tellCases(before.cases);
    await this.#options.file.save(this.#memory);
    this.#dispatcher.wake();
  }

  /** What waits to be sent, in order: a flood of reports without incidents delays no incident. */
  #pending(): readonly Delivery[] {
    const bare = new Set(this.#memory.cases.filter(isBareFall).map(({ key }) => key));
    const pending = this.#memory.deliveries.filter(({ state }) => state === 'pending');
    return [
      ...pending.filter(({ caseKey }) => !bare.has(caseKey)),
      ...pending.filter(({ caseKey }) => bare.has(caseKey)),
    ];
  }

  async #mark({ id }: Delivery, change: Partial<Delivery>): Promise<void> {
    const deliveries = this.#memory.deliveries.map((one) => (one.id === id ? { ...one, ...change } : one));
    this.#memory = { ...this.#memory, deliveries };
    await this.#options.file.save(this.#memory);
  }

  #pictured(one: AlertCase): AlertCase {
    const fallAt = this.#options.pictures?.of(one.incidentId)?.fallAt;
    return fallAt === undefined || fallAt === one.picturedFall ? one : { ...one, picturedFall: fallAt };
  }

  #compose(delivery: Delivery): AlertMessage | undefined {
    const found = this.#memory.cases.find(({ key }) => key === delivery.caseKey);
    if (found === undefined) return undefined;
    const style = this.#options.styleOf(delivery.target);
    const context = this.#context(found, delivery, style);
    const message = compose(found, delivery.step, delivery.target, style, context);
    const composed = { ...message, id: messageId(delivery.id) };
    const picture = this.#options.pictures?.of(found.incidentId);
    if (picture === undefined || picture.fallAt !== found.happenedAt || delivery.step !== 'replay') return composed;
    const description = alertTexts[style.language].replayPicture;
    return { ...composed, picture: { png: picture.png, small: picture.small, description } };
  }

  #context(found: AlertCase, delivery: Delivery, style: ComposeOptions): ComposeContext {
    const { key, incidentId } = found;
    const { clock, links, recipientOf } = this.#options;
    const { consoleUrl, language } = style;
    const sent = this.#memory.deliveries.filter(({ caseKey, fall, state, step }) => {
      return caseKey === key && fall === delivery.fall && state === 'sent' && isAlarm(step);
    });
    const by = recipientOf(delivery.target);
    const onMyWayUrl =
      consoleUrl === undefined || incidentId === undefined
        ? undefined
        : links?.linkTo({ consoleUrl, incidentId, by, messageId: messageId(delivery.id), language });
    return {
      nowMs: clock.now(),
      notified: [...new Set(sent.map(({ target }) => target))],
      onMyWayUrl,
      roomHasLaterFall: hasLaterFall(this.#memory.cases, found),
    };
  }

  #tellCases(before: readonly AlertCase[]): void {
    const known = new Map(before.map((one) => [one.key, one]));
    for (const one of this.#memory.cases) {
      const { key, kind, sourceId, instanceId, closed } = one;
      const fields = { case: key, kind, source_id: sourceId, instance: instanceId };
      const earlier = known.get(key);
      if (earlier === undefined) {
        this.#options.logger.info({ event: 'alert_case_opened', ...fields }, 'case opened');
      }
      if (closed !== undefined && earlier?.closed === undefined) {
        this.#options.logger.info({ event: 'alert_case_closed', ...fields }, 'case closed');
      }
    }
  }
}
