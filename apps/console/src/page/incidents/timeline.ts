import type { IncidentView } from '../../shared/view.ts';

type StepName = keyof IncidentView['steps'] | 'detected' | 'undone' | 'released';

export interface TimelineEntry {
  readonly step: StepName;
  readonly at: string;
  /** Who did it. */
  readonly by?: string | undefined;
  /** Of an incident with several falls: which one, from 1. */
  readonly fall?: number | undefined;
  /** Since the alarm, ms; negative before it. */
  readonly afterMs: number;
}

type Entry = Omit<TimelineEntry, 'afterMs'>;

/** What the acts of people are called in a timeline. */
const acts: Readonly<Record<string, StepName>> = {
  acknowledge: 'acknowledged',
  resolve: 'resolved',
  undo_verdict: 'undone',
  release: 'released',
};

/** Returns what happened in an incident in the order of time: each fall, each act of a person, each step of the system. */
export function timelineOf(incident: IncidentView): TimelineEntry[] {
  const start = new Date(incident.opened_at).getTime();
  const { falls = [] } = incident;
  const entries = [...(falls.length === 0 ? onlyFall(incident) : falls.flatMap(ofFall)), ...ofPeople(incident)];
  const told = new Set(entries.map(({ step }) => step));
  const steps = Object.entries(incident.steps) as [StepName, string][];
  const others = steps.filter(([step]) => !told.has(step)).map(([step, at]): Entry => ({ step, at }));
  return [...entries, ...others]
    .map((entry) => ({ ...entry, afterMs: new Date(entry.at).getTime() - start }))
    .sort((a, b) => a.afterMs - b.afterMs);
}

function ofFall(
  { first_low_at, alarm_at, recovered_at }: NonNullable<IncidentView['falls']>[number],
  index: number,
  all: readonly unknown[],
): Entry[] {
  const fall = all.length > 1 ? index + 1 : undefined;
  return [
    ...(first_low_at === undefined ? [] : [{ step: 'detected' as const, at: first_low_at, fall }]),
    { step: 'opened', at: alarm_at, fall },
    ...(recovered_at === undefined ? [] : [{ step: 'recovered' as const, at: recovered_at, fall }]),
  ];
}

/** Drills, and incidents of earlier versions, list no falls. */
function onlyFall({ detected_at, opened_at, recovered_at }: IncidentView): Entry[] {
  return [
    ...(detected_at === undefined ? [] : [{ step: 'detected' as const, at: detected_at }]),
    { step: 'opened', at: opened_at },
    ...(recovered_at === undefined ? [] : [{ step: 'recovered' as const, at: recovered_at }]),
  ];
}

function ofPeople({ by }: IncidentView): Entry[] {
  return by.flatMap(({ who, what, at }) => {
    const step = acts[what];
    return step === undefined ? [] : [{ step, at, by: who }];
  });
}
