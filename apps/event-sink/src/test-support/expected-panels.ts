import type { FallTruth, Truth } from '@vigilia/simulated-site';
import type { Row } from './panel-query.ts';

/** What a panel must show on the simulator's days; keys sorted, numbers to within rounding. */
export type Expectation = (truth: Truth) => Row[];

type Key = string | number;
const row = (keys: readonly Key[], ...values: (number | undefined)[]): Row => ({ keys, values });
const one = (value: number): Row[] => [row([], value)];
const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);
const average = (numbers: readonly number[]): number => sum(numbers) / numbers.length;
const present = (map: ReadonlyMap<Key, number>): Row[] =>
  [...map].filter(([, value]) => value > 0).map(([key, value]) => row([key], value));

function grouped<T>(
  items: readonly T[],
  keyOf: (item: T) => readonly Key[],
  ...measures: ((group: readonly T[]) => number | undefined)[]
): Row[] {
  const groups = new Map<string, { keys: readonly Key[]; items: T[] }>();
  for (const item of items) {
    const keys = keyOf(item);
    const group = groups.get(JSON.stringify(keys)) ?? { keys, items: [] };
    group.items.push(item);
    groups.set(JSON.stringify(keys), group);
  }
  return [...groups.values()].map((group) => row(group.keys, ...measures.map((measure) => measure(group.items))));
}

const count = (items: readonly unknown[]): number => items.length;
const closed = ({ falls }: Truth) => falls;
const alarms = ({ falls }: Truth) => falls.filter(({ outcome: found }) => found !== 'drill');
const judged = ({ outcome: found }: FallTruth) => (found === 'false_alarm' ? 'false' : 'true');
const outcome =
  (name: string): Expectation =>
  ({ falls }) =>
    one(falls.filter((fall) => fall.outcome === name).length);
const toAlarm = (fall: FallTruth) => fall.alarmMs - fall.fellMs;
const toAcknowledged = (fall: FallTruth) => fall.acknowledgedMs - fall.fellMs;
const toResolved = (fall: FallTruth) => fall.resolvedMs - fall.fellMs;
/** Of the incidents that came to this step; none: no value. */
const stepOf = (name: string) => (falls: readonly FallTruth[]) => {
  const delays = falls.flatMap(({ steps, openedMs }) => (steps[name] === undefined ? [] : [steps[name] - openedMs]));
  return delays.length === 0 ? undefined : average(delays);
};
const moved = ({ falls }: Truth) => falls.filter(({ degraded }) => !degraded);
const handOver = ({ steps }: FallTruth) => (steps.room_released ?? 0) - (steps.dedicated_started ?? 0);
const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return average([sorted[Math.floor(middle)] ?? 0, sorted[Math.ceil(middle)] ?? 0]);
};
const statuses = (truth: Truth): Row[] => {
  const dedicated = grouped(moved(truth), ({ home }) => [`${home}_1`], count).flatMap(({ keys, values }) =>
    ['starting', 'running', 'offline'].map((status) => row([...keys, status], ...values)),
  );
  const restarted = [
    row(['processor-b', 'offline'], 1),
    row(['processor-b', 'starting'], 1),
    row(['processor-b', 'running'], 2),
  ];
  return [row(['processor-a', 'running'], 1), ...restarted, ...dedicated];
};

/** The panel *Falls and incidents* with its axis: when each thing happened, in steps of `bucketMs`. */
export function timelineRows({ falls }: Truth, bucketMs: number): Row[] {
  const happened = falls.flatMap((fall) => [
    { action: 'fall_suspected', atMs: fall.fellMs + 10_000 },
    { action: 'fall_detected', atMs: fall.alarmMs },
    ...Array.from({ length: fall.reminders }, (_, n) => ({
      action: 'fall_reminder',
      atMs: fall.alarmMs + (n + 1) * 300_000,
    })),
    { action: 'fall_recovered', atMs: fall.resolvedMs - 5000 },
    { action: 'incident_opened', atMs: fall.openedMs },
    { action: 'incident_acknowledged', atMs: fall.acknowledgedMs },
    { action: 'incident_closed', atMs: fall.closedMs },
  ]);
  return grouped(happened, ({ action, atMs }) => [Math.floor(atMs / bucketMs) * bucketMs, action], count);
}

/** Panels split by time are compared without it: counts and sums added up, maxima taken. */
export const expectedPanels: Readonly<Record<string, Readonly<Record<string, Expectation>>>> = {
  'vigilia-residence': {
    'rooms-watched': ({ frames }) => one(frames.size),
    frames: ({ frames }) => one(sum(frames.values())),
    unwatched: ({ unwatchedMs }) => one(sum(unwatchedMs.values())),
    blind: ({ blindMs }) => one(sum(blindMs.values())),
    rooms: (truth) =>
      [...truth.frames].map(([room, frames]) =>
        row([room], frames, truth.peopleMax.get(room), truth.unwatchedMs.get(room) ?? 0, truth.blindMs.get(room) ?? 0),
      ),
    watchers: ({ watchedMinutes }) =>
      [...watchedMinutes].map(([key, minutes]) => row([Number(key.split(' ')[0]), key.split(' ')[1] ?? ''], minutes)),
    people: ({ peopleMax }) => [...peopleMax].map(([room, people]) => row([room], people)),
    'unwatched-over-time': ({ frames, unwatchedMs }) =>
      [...frames.keys()].map((room) => row([room], unwatchedMs.get(room) ?? 0)),
    'blind-causes': ({ blindTimes }) => [...blindTimes].map(([room, times]) => row([room, 'no_frames'], times)),
  },
  'vigilia-falls': {
    falls: ({ falls }) => one(falls.length),
    incidents: ({ falls }) => one(falls.length),
    'false-alarms': outcome('false_alarm'),
    drills: outcome('drill'),
    reminders: ({ falls }) => one(sum(falls.map(({ reminders }) => reminders))),
    'fall-to-alarm': ({ falls }) => one(average(falls.map(toAlarm))),
    'fall-to-acknowledged': ({ falls }) => one(average(falls.map(toAcknowledged))),
    'fall-to-resolved': ({ falls }) => one(average(falls.map(toResolved))),
    timeline: ({ falls }) => {
      const each = [
        'fall_suspected',
        'fall_detected',
        'fall_recovered',
        'incident_opened',
        'incident_acknowledged',
        'incident_closed',
      ].map((action) => row([action], falls.length));
      return [...each, ...present(new Map([['fall_reminder', sum(falls.map(({ reminders }) => reminders))]]))];
    },
    'by-room': ({ falls }) => grouped(falls, ({ room }) => [room], count),
    'by-hour': ({ falls }) => grouped(falls, ({ alarmMs }) => [(new Date(alarmMs).getUTCHours() + 1) % 24], count),
    outcomes: ({ falls }) =>
      grouped(
        falls,
        (fall) => [fall.outcome],
        count,
        (group) => average(group.map(toAcknowledged)),
      ),
    'verdicts-by-rule': (truth) => grouped(alarms(truth), (fall) => ['movenet', 'seen_fall', judged(fall)], count),
    'verdicts-by-room': (truth) => grouped(alarms(truth), (fall) => [fall.room, judged(fall)], count),
    'who-came': ({ falls }) =>
      grouped(
        falls,
        ({ nurse }) => [nurse],
        count,
        (group) => median(group.map(toAcknowledged)),
      ),
    'incident-list': (truth) =>
      closed(truth).map((fall) =>
        row([fall.incidentId, fall.room], toAcknowledged(fall), toResolved(fall), fall.closedMs - fall.fellMs),
      ),
  },
  'vigilia-reallocation': {
    'hand-overs': (truth) => one(moved(truth).length),
    returns: (truth) => one(moved(truth).length),
    'hand-over-time': (truth) => one(average(moved(truth).map(handOver))),
    'worst-gap': (truth) => one(Math.max(...moved(truth).map(({ gapMs }) => gapMs))),
    relieved: ({ falls }) => one(sum(falls.map(({ relievedRooms }) => relievedRooms))),
    degraded: ({ falls }) => one(falls.filter(({ degraded }) => degraded).length),
    steps: ({ falls }) => {
      const names = [
        'relief_applied',
        'dedicated_started',
        'dedicated_watching',
        'room_released',
        'acknowledged',
        'room_returned',
        'dedicated_stopped',
        'relief_lifted',
      ];
      return grouped(falls, ({ room }) => [room], ...names.map(stepOf));
    },
    moves: (truth) =>
      ['room_released', 'room_taken', 'room_returned'].map((action) => row([action], moved(truth).length)),
    takers: (truth) => grouped(moved(truth), ({ home }) => [home, `${home}_1`], count),
    dedicated: (truth) => grouped(moved(truth), ({ home }) => [`${home}_1`], count),
    gaps: (truth) =>
      ['remove_stream', 'add_stream'].map((command) =>
        row([command], Math.max(...moved(truth).map(({ gapMs }) => gapMs)), moved(truth).length),
      ),
  },
  'vigilia-service-health': {
    'sink-lag': ({ maxLagSeconds }) => one(maxLagSeconds),
    'sink-dead-letters': ({ deadLetters }) => one(deadLetters),
    'sink-dropped': () => one(0),
    'sink-spool': () => one(0.4),
    skipped: ({ skipped }) => one(sum(skipped.values())),
    'failed-commands': ({ errors }) => one(sum(errors.values())),
    inference: ({ reports }) =>
      [...reports].map(([id, { inferenceSumMs, count: reported }]) => row([id], inferenceSumMs / reported)),
    processors: ({ reports }) =>
      [...reports].map(([id, report]) =>
        row([id], report.inferenceSumMs / report.count, report.memoryMaxMb, report.cpuSumPercent / report.count),
      ),
    lives: ({ boots }) => present(boots),
    'skipped-by-room': ({ frames, skipped }) => [...frames.keys()].map((room) => row([room], skipped.get(room) ?? 0)),
    'errors-by-code': ({ errors }) => present(errors),
    'log-levels': ({ logLines }) => present(logLines),
    'sink-lag-over-time': ({ maxLagSeconds }) => one(maxLagSeconds),
    statuses,
  },
};
