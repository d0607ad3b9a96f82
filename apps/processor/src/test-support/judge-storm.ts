import type { Storm, StormCommand, StormResult, Watched } from './command-storm.ts';

/** What a storm shows of the promises: nothing else of it needs to be looked at. */
export interface StormFindings {
  /** Largest time between two results of a room that no command named, over the interval of the slowest rate. */
  readonly untouchedRatio: number;
  /** Where that was, for the analysis of a failure. */
  readonly untouched: UntouchedGap;
  /** Largest `gap_ms` of a named room beyond that interval, ms. */
  readonly namedExcessMs: number;
  /** Rooms whose gap was `null`. */
  readonly unmeasured: number;
  readonly doubled: number;
  /** Results of a model that had been replaced, or of a room that had been given away, when the command was completed. */
  readonly stale: number;
  readonly completed: number;
  readonly refused: number;
}

interface UntouchedGap {
  readonly sourceId: number;
  readonly ms: number;
  /** Since the storm began. */
  readonly fromMs: number;
  /** Commands that were carried out meanwhile, with what came of them. */
  readonly during: readonly string[];
}

/** `fps`: the slowest rate that any command of the storm sets. */
export function judgeStorm(storm: Storm, fps: number): StormFindings {
  const intervalMs = 1000 / fps;
  const gaps = storm.commands.flatMap(({ ack }) => Object.values(gapsOf(ack)));
  const measured = gaps.filter((gap) => gap !== null);
  const frames = storm.results.map(({ sourceId, frameAt }) => `${sourceId} ${frameAt}`);
  const untouched = largestUntouchedGap(storm);
  return {
    untouchedRatio: untouched.ms / intervalMs,
    untouched,
    namedExcessMs: Math.max(0, ...measured) - intervalMs,
    unmeasured: gaps.length - measured.length,
    doubled: frames.length - new Set(frames).size,
    stale: storm.results.filter((result, index) => isStale(storm, result, index)).length,
    completed: storm.commands.filter(({ ack }) => ack.ack_status === 'completed').length,
    refused: storm.commands.filter(({ ack }) => ack.ack_status === 'error').length,
  };
}

const gapsOf = (ack: StormCommand['ack']): Record<string, number | null> =>
  (ack.result?.gap_ms ?? {}) as Record<string, number | null>;

const isWatched = ({ paused, models }: Watched, sourceId: number): boolean => !paused && models.has(sourceId);

/** The state before each command, with the command. */
function changes({ before, commands }: Storm): { readonly before: Watched; readonly command: StormCommand }[] {
  return commands.map((command, index) => ({ before: commands[index - 1]?.after ?? before, command }));
}

/**
 * Begin and end of the storm, and of a room that was removed when it came back, count like results: a room that is silent from
 * there on, or to the end, has a gap too. A refused command changes no room, so only completed ones excuse one.
 */
function largestUntouchedGap(storm: Storm): UntouchedGap {
  const rooms = new Set([...storm.before.models.keys(), ...storm.results.map(({ sourceId }) => sourceId)]);
  const gaps = [...rooms].flatMap((room) => untouchedGaps(storm, room));
  return gaps.reduce((worst, gap) => (gap.ms > worst.ms ? gap : worst));
}

function untouchedGaps(storm: Storm, room: number): UntouchedGap[] {
  const all = changes(storm);
  const presence = ({ before, command }: (typeof all)[number]) =>
    [isWatched(before, room), isWatched(command.after, room)] as const;
  const returned = all.filter((change) => String(presence(change)) === 'false,true').map(({ command }) => command);
  const touching = all
    .filter((change) => String(room) in gapsOf(change.command.ack) || presence(change)[0] !== presence(change)[1])
    .map(({ command }) => command);
  const results = storm.results.filter(({ sourceId }) => sourceId === room).map(({ at }) => at);
  const times = [storm.beganAt, ...results, ...returned.map(({ endedAt }) => endedAt), storm.endedAt];
  times.sort((a, b) => a - b);
  return times.slice(1).map((at, index) => {
    const before = times[index] ?? at;
    const during = storm.commands.filter(({ sentAt, endedAt }) => sentAt < at && endedAt > before);
    return {
      sourceId: room,
      ms: touching.some((command) => during.includes(command)) ? 0 : at - before,
      fromMs: before - storm.beganAt,
      during: during.map(({ name, params, ack }) => `${name} ${JSON.stringify(params)} ${ack.error?.code ?? ''}`),
    };
  });
}

/** While a command is carried out a result may be of the configuration before it or after it, else only of the present one. */
function isStale(storm: Storm, { sourceId, modelId }: StormResult, index: number): boolean {
  const last = changes(storm).findLast(({ command }) => command.resultsBefore <= index);
  if (last === undefined) return storm.before.models.get(sourceId) !== modelId;
  const allowed = [last.command.after, ...(index < last.command.resultsAfter ? [last.before] : [])];
  return !allowed.some(({ models }) => models.get(sourceId) === modelId);
}
