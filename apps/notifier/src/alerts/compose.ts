import { createHash } from 'node:crypto';
import { withoutUndefined } from '@vigilia/protocol';
import { redactDeep, redactUrl } from '@vigilia/service';
import type { Language } from '../config/alerts-schema.ts';
import type { AlertMessage, Step } from '../targets/alert-message.ts';
import { type AlertTexts, alertTexts } from '../texts/alert-texts.ts';
import { type AlertCase, severityOf } from './alert-case.ts';
import { deliveryId, isAlarm } from './memory.ts';

export interface ComposeOptions {
  readonly language: Language;
  readonly timeZone: string;
  readonly consoleUrl?: string | undefined;
}

/** What is known when a message leaves, besides its case. */
export interface ComposeContext {
  readonly nowMs: number;
  /** Targets that have been notified of the case, in order. */
  readonly notified: readonly string[];
  /** The link with which the recipient acknowledges an alarm. */
  readonly onMyWayUrl: string | undefined;
  /** Another fall of the same room is open by now. */
  readonly roomHasLaterFall?: boolean;
}

/** Returns the message to a target about a step of a case; pure. Without a context durations and links are left out. */
export function compose(
  one: AlertCase,
  step: Step,
  target: string,
  options: ComposeOptions,
  context?: ComposeContext,
): AlertMessage {
  const texts = alertTexts[options.language];
  const [title, text] = sentences(one, step, texts);
  const by = byOf(one, step);
  const values = {
    room: roomLabel(one, texts),
    processor: one.instanceId ?? '',
    time: timeOf(one.happenedAt, options),
    at: timeOf((isAnswer(step) ? one.acknowledged?.at : one.recoveredAt) ?? one.happenedAt, options),
    by: by ?? one.acknowledged?.by ?? texts.somebody,
    minutes: minutesOf(step),
  };
  const urgent = isAlarm(step) && isOfPerson(one);
  const onMyWayUrl = urgent && one.incidentId !== undefined ? context?.onMyWayUrl : undefined;
  return withoutUndefined({
    id: messageId(deliveryId(one.key, step, target)),
    threadId: hash(`${one.key} ${target}`),
    kind: one.kind,
    step,
    severity: isAlarm(step) ? severityOf(one) : 'info',
    title: redactUrl(`${one.kind === 'drill' ? texts.drill : ''}${fill(title, values)}`),
    text: redactUrl([fill(text, values), ...(urgent ? circumstances(one, texts, context) : [])].join(' ')),
    calledAs: redactUrl(
      `${one.kind === 'drill' ? texts.drill : ''}${fill(sentences(one, 'raised', texts)[0], values)}`,
    ),
    url: options.consoleUrl === undefined ? undefined : pageOf(one, options.consoleUrl),
    onMyWayUrl,
    roomHasLaterFall: context?.roomHasLaterFall === true ? true : undefined,
    facts: redactDeep(factsOf(one, by, context)) as AlertMessage['facts'],
  });
}

/** A message that is clearly none: to see whether a target works. */
export function composeTest(target: string, nonce: string, nowIso: string, options: ComposeOptions): AlertMessage {
  const [title, text] = alertTexts[options.language].test;
  const id = hash(`test ${nonce} ${target}`);
  return withoutUndefined({
    id,
    threadId: id,
    kind: 'test',
    step: 'test',
    severity: 'info',
    title,
    text: fill(text, { target }),
    calledAs: title,
    url: options.consoleUrl,
    facts: { happened_at: nowIso },
  });
}

/** A person may be on the floor, or is assumed to be in a drill. */
function isOfPerson({ kind }: AlertCase): boolean {
  return kind === 'fall' || kind === 'drill';
}

/** The message is about an acknowledgment. */
function isAnswer(step: Step): boolean {
  return step === 'acknowledged' || step.startsWith('returned_');
}

/** For how long the person has been on the floor, and who else was notified. */
function circumstances(one: AlertCase, texts: AlertTexts, context: ComposeContext | undefined): string[] {
  if (context === undefined) return [];
  const { nowMs, notified } = context;
  const minutes = Math.max(0, Math.floor((nowMs - Date.parse(one.happenedAt)) / 60_000));
  const duration = minutes < 1 ? texts.underAMinute : fill(texts.someMinutes, { minutes: String(minutes) });
  const others = notified.length === 0 ? [] : [fill(texts.notified, { targets: notified.join(', ') })];
  return one.recoveredAt === undefined ? [fill(texts.duration, { duration }), ...others] : others;
}

/** The page shows a room at `#/rooms/<number>`. */
function pageOf({ sourceId }: AlertCase, consoleUrl: string): string {
  return sourceId === undefined ? consoleUrl : `${consoleUrl.replace(/\/*$/, '')}/#/rooms/${sourceId}`;
}

function sentences(one: AlertCase, step: Step, texts: AlertTexts): readonly [string, string] {
  switch (step) {
    case 'raised':
      return raising(one, texts);
    case 'replay':
      return texts.replay;
    case 'acknowledged':
      return texts.acknowledged;
    case 'recovered':
      return texts.recovered;
    case 'closed':
      return closing(one, texts);
    case 'reopened':
      return reopening(one, texts);
    default:
      return isAnswer(step) ? returning(one, texts) : escalating(one, texts);
  }
}

function returning({ kind }: AlertCase, texts: AlertTexts): readonly [string, string] {
  return kind === 'drill' ? texts.drillReturned : texts.returned;
}

function escalating({ kind, recoveredAt }: AlertCase, texts: AlertTexts): readonly [string, string] {
  const [title, text] = texts.escalated;
  if (kind === 'drill') return [title, texts.drillUnanswered];
  return [title, recoveredAt === undefined ? text : texts.upUnanswered];
}

function raising({ kind, sourceId, blindCause, recoveredAt }: AlertCase, texts: AlertTexts): readonly [string, string] {
  if (kind === 'fall' && recoveredAt !== undefined) return [texts.raised.fall[0], texts.upUnanswered];
  if (kind === 'fall_refused' && sourceId === undefined) return texts.refusedWithoutRoom;
  const seenPoorly = kind === 'blind' && (blindCause === 'dark' || blindCause === 'covered');
  return seenPoorly ? texts.seenPoorly[blindCause] : texts.raised[kind];
}

function closing(one: AlertCase, texts: AlertTexts): readonly [string, string] {
  if (one.kind === 'fall_refused') return texts.raised.fall_refused;
  const [title, text] = texts.closed[one.kind];
  const outcome = texts.outcomes[one.closed?.outcome ?? ''];
  const who = one.closed?.by === undefined ? acknowledging(one, texts) : texts.closedBy;
  const parts = [text, outcome, who];
  return [title, parts.filter((part) => part !== undefined).join(' ')];
}

function reopening(one: AlertCase, texts: AlertTexts): readonly [string, string] {
  const [title, text] = texts.reopened;
  return [title, [text, acknowledging(one, texts)].filter((part) => part !== undefined).join(' ')];
}

/** The system has closed it, after this person acknowledged. */
function acknowledging({ acknowledged }: AlertCase, texts: AlertTexts): string | undefined {
  return acknowledged?.by === undefined ? undefined : texts.acknowledgedBy;
}

function byOf(one: AlertCase, step: Step): string | undefined {
  if (isAnswer(step)) return one.acknowledged?.by;
  return step === 'closed' ? one.closed?.by : undefined;
}

function roomLabel({ sourceId, roomName }: AlertCase, texts: AlertTexts): string {
  const template = roomName === undefined ? texts.room : texts.namedRoom;
  return fill(template, { id: String(sourceId ?? ''), name: roomName ?? '' });
}

function timeOf(at: string, { language, timeZone }: ComposeOptions): string {
  const options = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(language, options).format(Date.parse(at));
}

function minutesOf(step: Step): string {
  const seconds = Number(/^(?:escalated|repeated|returned)_(.+)$/.exec(step)?.[1] ?? 0);
  return String(Math.round(seconds / 6) / 10);
}

/** One pass over the template: what a resident or a carer is called is never taken for a template itself. */
function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => clean(values[name] ?? whole));
}

/** Names come from MQTT: they are one line and of a bearable length. */
function clean(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return value.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').slice(0, 200);
}

function factsOf(one: AlertCase, by: string | undefined, context: ComposeContext | undefined): AlertMessage['facts'] {
  const facts = plainFactsOf(one, by);
  if (context === undefined || !isOfPerson(one)) return facts;
  const { nowMs, notified } = context;
  const upMs = one.recoveredAt === undefined ? nowMs : Date.parse(one.recoveredAt);
  const onFloorSeconds = Math.max(0, Math.round((upMs - Date.parse(one.happenedAt)) / 1000));
  return { ...facts, on_floor_seconds: onFloorSeconds, notified };
}

function plainFactsOf(one: AlertCase, by: string | undefined): AlertMessage['facts'] {
  return withoutUndefined({
    happened_at: one.happenedAt,
    source_id: one.sourceId,
    room_name: one.roomName,
    instance_id: one.instanceId,
    incident_id: one.incidentId,
    by,
    reason: one.reason,
    blind_cause: one.blindCause,
    outcome: one.closed?.outcome,
  });
}

/** Returns the id of the message that a delivery is: the same at every attempt. */
export function messageId(delivery: string): string {
  return hash(delivery);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
