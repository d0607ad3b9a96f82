import { type Person, personSchema, timestampSchema } from '@vigilia/protocol';
import { z } from 'zod';
import { type AlarmTiming, listAt, type Schedule } from './schedule.ts';

/** The list of targets is running: no person has acknowledged. */
const ringingSchema = z.object({
  kind: z.literal('ringing'),
  /** How often the list has started again since the fall. */
  level: z.number(),
  /** When the list of this level started. */
  listMs: z.number(),
  /** Entries of the list that were notified. */
  fired: z.number(),
  /** Who was notified since the list started; absent in what an earlier version remembered. */
  called: z.array(z.string()).optional(),
  /** The last notice; absent before the first. */
  lastMs: z.number().optional(),
  /** The acknowledgment that was given before the alarm returned: it takes another one to stop it. */
  answered: timestampSchema.optional(),
});

/** A person has acknowledged. */
const heldSchema = z.object({
  kind: z.literal('held'),
  /** Which acknowledgment, by its time. */
  acknowledgedAt: timestampSchema,
  sinceMs: z.number(),
  /** When the person was last seen to be no longer up. */
  notUpSinceMs: z.number(),
});

/** The alarm of the last fall of an incident. Times in ms, epoch, of a clock that never goes back. */
export const alarmSchema = z.object({
  /** Which fall of the incident, from 1. */
  fall: z.number(),
  /** What identifies the fall. */
  fallKey: z.string(),
  /** When the fall became known. */
  startedMs: z.number(),
  person: personSchema,
  /** Notices so far, over all falls: their numbers make the ids of messages. */
  notices: z.number(),
  phase: z.discriminatedUnion('kind', [ringingSchema, heldSchema]),
});
export type Alarm = z.output<typeof alarmSchema>;
type Ringing = z.output<typeof ringingSchema>;

/** What is known of an incident at one moment. */
export interface AlarmFacts {
  readonly fallKey: string;
  /** When the first fall became known. */
  readonly openedMs: number;
  /** Falls of the incident that are known. */
  readonly falls: number;
  readonly person: Person;
  /** Time of the latest acknowledgment of the last fall. */
  readonly acknowledgedAt: string | undefined;
  /** How long the first notice of a fall waits for the incident to be opened, ms. */
  readonly graceMs: number;
}

type NoticeKind = 'raised' | 'escalated' | 'repeated' | 'returned';

/** Messages that are due now. */
export interface Notice {
  readonly number: number;
  /** How long after the fall it was due, ms. */
  readonly afterMs: number;
  readonly kind: NoticeKind;
  readonly fall: number;
  readonly level: number;
  readonly targets: readonly string[];
}

/** What comes next unless a person reacts. */
export interface NextNotice {
  readonly atMs: number;
  readonly kind: NoticeKind;
  readonly targets: readonly string[];
}

interface Due extends NextNotice {
  /** The alarm after this notice was sent at `nowMs`. */
  readonly after: (nowMs: number) => Ringing;
}

/** A suspicion that ends at once does not bring an acknowledged alarm back. */
const suspicionMs = 60_000;

/**
 * Returns the alarm after what is known now, and the messages that are due; pure. Without news and before the next notice is due it
 * returns the same alarm. An alarm that no person has acknowledged never ends: after the last entry of the list, the list starts again
 * at the next level, and no pause between two notices is longer than `repeatMs`.
 */
export function advanceAlarm(
  before: Alarm | undefined,
  facts: AlarmFacts,
  { schedule, timing, nowMs }: { schedule: Schedule; timing: AlarmTiming; nowMs: number },
): { readonly alarm: Alarm; readonly notices: readonly Notice[] } {
  const known = withPerson(forFall(before, facts, nowMs), facts, nowMs);
  const answered = withAcknowledgment(known, facts, nowMs);
  const returned = withReturn(answered, timing, nowMs);
  return fire(returned, facts, { schedule, timing, nowMs });
}

/** Returns what comes next unless a person reacts; undefined when nothing will come. */
export function nextNotice(
  alarm: Alarm,
  { graceMs, schedule, timing }: { graceMs: number; schedule: Schedule; timing: AlarmTiming },
): NextNotice | undefined {
  const { phase } = alarm;
  if (phase.kind === 'ringing') {
    const due = nextOf(phase, alarm, { graceMs, schedule, timing });
    return due === undefined ? undefined : { atMs: due.atMs, kind: due.kind, targets: due.targets };
  }
  if (alarm.person === 'up') return undefined;
  const targets = listAt(schedule, 0)[0]?.targets ?? [];
  return targets.length === 0 ? undefined : { atMs: returnAtMs(phase, timing), kind: 'returned', targets };
}

/** Returns the alarm with no time after `nowMs`; pure. */
export function alarmNotLaterThan(alarm: Alarm, nowMs: number): Alarm {
  const atMost = (ms: number): number => Math.min(ms, nowMs);
  const { phase } = alarm;
  const startedMs = atMost(alarm.startedMs);
  if (phase.kind === 'held') {
    const held = { ...phase, sinceMs: atMost(phase.sinceMs), notUpSinceMs: atMost(phase.notUpSinceMs) };
    return { ...alarm, startedMs, phase: held };
  }
  const lastMs = phase.lastMs === undefined ? undefined : atMost(phase.lastMs);
  return { ...alarm, startedMs, phase: { ...phase, listMs: atMost(phase.listMs), lastMs } };
}

/**
 * Returns the alarm of an incident whose verdict was taken back; pure. All targets were notified of the end, and nurse-call systems have ended
 * their calls: unless a person had acknowledged, the list of targets starts again at once.
 */
export function reopenedAlarm(alarm: Alarm, nowMs: number): Alarm {
  const { phase } = alarm;
  return phase.kind === 'held' ? alarm : { ...alarm, phase: { ...phase, listMs: nowMs, fired: 0, called: [] } };
}

/** Another fall than the one before starts from the beginning. */
function forFall(before: Alarm | undefined, facts: AlarmFacts, nowMs: number): Alarm {
  if (before?.fallKey === facts.fallKey) return before;
  return {
    fall: Math.max((before?.fall ?? 0) + 1, facts.falls),
    fallKey: facts.fallKey,
    startedMs: before === undefined ? facts.openedMs : nowMs,
    person: facts.person,
    notices: before?.notices ?? 0,
    phase: { kind: 'ringing', level: 0, listMs: nowMs, fired: 0, called: [] },
  };
}

function withPerson(alarm: Alarm, { person }: AlarmFacts, nowMs: number): Alarm {
  if (alarm.person === person) return alarm;
  const { phase } = alarm;
  if (phase.kind === 'held' && alarm.person === 'up') {
    return { ...alarm, person, phase: { ...phase, notUpSinceMs: nowMs } };
  }
  return { ...alarm, person };
}

function withAcknowledgment(alarm: Alarm, { acknowledgedAt }: AlarmFacts, nowMs: number): Alarm {
  const { phase } = alarm;
  if (acknowledgedAt === undefined || acknowledgedAt === acknowledgmentOf(alarm)) return alarm;
  // the clock of the orchestrator may differ: between the last notice and now
  const earliestMs = phase.kind === 'ringing' ? (phase.lastMs ?? alarm.startedMs) : phase.sinceMs;
  const sinceMs = Math.min(nowMs, Math.max(earliestMs, Date.parse(acknowledgedAt)));
  return { ...alarm, phase: { kind: 'held', acknowledgedAt, sinceMs, notUpSinceMs: sinceMs } };
}

/** The acknowledgment that the alarm already knows. */
function acknowledgmentOf({ phase }: Alarm): string | undefined {
  return phase.kind === 'held' ? phase.acknowledgedAt : phase.answered;
}

function withReturn(alarm: Alarm, timing: AlarmTiming, nowMs: number): Alarm {
  const { phase } = alarm;
  if (phase.kind === 'ringing' || alarm.person === 'up' || nowMs < returnAtMs(phase, timing)) return alarm;
  const { acknowledgedAt: answered } = phase;
  return { ...alarm, phase: { kind: 'ringing', level: 0, listMs: nowMs, fired: 0, called: [], answered } };
}

function returnAtMs(held: z.output<typeof heldSchema>, { returnMs }: AlarmTiming): number {
  const suspectedUntilMs = held.notUpSinceMs === held.sinceMs ? 0 : held.notUpSinceMs + suspicionMs;
  return Math.max(held.sinceMs + returnMs, Math.min(suspectedUntilMs, held.notUpSinceMs + returnMs));
}

/** Sends what is due. What was missed while the service was down is sent once, not as often as it was missed. */
function fire(
  before: Alarm,
  { graceMs }: AlarmFacts,
  { schedule, timing, nowMs }: { schedule: Schedule; timing: AlarmTiming; nowMs: number },
): { readonly alarm: Alarm; readonly notices: readonly Notice[] } {
  let alarm = before;
  const notices: Notice[] = [];
  while (alarm.phase.kind === 'ringing') {
    const due = nextOf(alarm.phase, alarm, { graceMs, schedule, timing });
    if (due === undefined || due.atMs > nowMs) break;
    const phase = due.after(nowMs);
    const number = alarm.notices + 1;
    // an escalation of the first list is named by the time that the file gives it, however late it was sent
    const nominal = due.kind === 'escalated' && phase.level === 0 && phase.answered === undefined;
    const afterMs = Math.max(0, (nominal ? due.atMs : nowMs) - (nominal ? phase.listMs : alarm.startedMs));
    notices.push({ number, kind: due.kind, afterMs, fall: alarm.fall, level: phase.level, targets: due.targets });
    alarm = { ...alarm, notices: number, phase };
  }
  return { alarm, notices };
}

function nextOf(
  ringing: Ringing,
  { startedMs }: Alarm,
  { graceMs, schedule, timing }: { graceMs: number; schedule: Schedule; timing: AlarmTiming },
): Due | undefined {
  const { level, listMs, fired, lastMs } = ringing;
  const list = listAt(schedule, level * timing.levelIncrease);
  const entry = list[fired];
  if (list.length === 0) return undefined;
  const passedOver = passedOverOf(ringing, list);
  if (passedOver.length > 0) {
    const after = (): Ringing => withCalled(ringing, passedOver);
    return { atMs: lastMs ?? listMs, kind: 'escalated', targets: passedOver, after };
  }
  const graceAtMs = fired === 0 && lastMs === undefined ? startedMs + graceMs : 0;
  const entryAtMs = entry === undefined ? Number.POSITIVE_INFINITY : Math.max(listMs + entry.offsetMs, graceAtMs);
  const repeatAtMs = lastMs === undefined ? Number.POSITIVE_INFINITY : lastMs + timing.repeatMs;
  if (entry !== undefined && entryAtMs <= repeatAtMs) {
    return {
      atMs: entryAtMs,
      kind: fired > 0 ? 'escalated' : ringing.answered === undefined ? 'raised' : 'returned',
      targets: entry.targets,
      after: (nowMs) => ({ ...withCalled(ringing, entry.targets), fired: fired + 1, lastMs: nowMs }),
    };
  }
  if (entry !== undefined) {
    // the next entry is far away: those who were notified are reminded meanwhile
    const targets = [...new Set(list.slice(0, fired).flatMap((one) => one.targets))];
    return { atMs: repeatAtMs, kind: 'repeated', targets, after: (nowMs) => ({ ...ringing, lastMs: nowMs }) };
  }
  const again = listAt(schedule, (level + 1) * timing.levelIncrease);
  return {
    atMs: repeatAtMs,
    kind: 'repeated',
    targets: again[0]?.targets ?? [],
    after: (nowMs) => {
      const called = [...(again[0]?.targets ?? [])];
      return { ...ringing, level: level + 1, listMs: nowMs, fired: 1, called, lastMs: nowMs };
    },
  };
}

/**
 * Returns those whose turn the list has passed and who were not notified: the list is another one since a shift changed or the ward of the
 * room became known.
 */
function passedOverOf({ called, fired }: Ringing, list: Schedule): string[] {
  if (called === undefined) return [];
  const due = list.slice(0, fired).flatMap(({ targets }) => targets);
  return [...new Set(due)].filter((target) => !called.includes(target));
}

function withCalled(ringing: Ringing, targets: readonly string[]): Ringing {
  const { called } = ringing;
  return called === undefined ? ringing : { ...ringing, called: [...new Set([...called, ...targets])] };
}
