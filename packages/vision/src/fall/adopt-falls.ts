import { scalesApart } from './fall-distance.ts';
import type { Fall, FallKind } from './fall-state.ts';
import type { FallDecisionState } from './room-state.ts';

/** How much was reported of it: nothing, the suspicion, the alarm. */
const reported: Readonly<Record<FallKind, number>> = { candidate: 0, down: 1, alarm: 2, quiet: 2 };

/** Two watchers see one fall within so many seconds of each other (or a sampling interval of the slower one), and so many scales. */
const apartMs = 10_000;
const apartScales = 1.5;

/**
 * Names falls as the other watcher of the same room does. While a room is handed over two processors watch it, and a fall that both see
 * would be two falls with two alarms. Both sides agree on the same name, whichever receives the other's message first: of the one who reported more of it, then of the
 * earlier fall, then the lesser name. An alarm that was raised keeps its name.
 * @param other what the other watcher published last
 */
export function adoptFalls(own: FallDecisionState, other: FallDecisionState): FallDecisionState {
  const limitMs = Math.max(apartMs, own.intervalMs, other.intervalMs);
  const falls = own.falls.map((fall): Fall => {
    if (reported[fall.kind] === reported.alarm) return fall;
    const same = other.falls.find(
      (one) =>
        Math.abs(fall.lowAtMs - one.lowAtMs) <= limitMs && scalesApart(fall, one) <= apartScales && leads(one, fall),
    );
    return same ? { ...fall, id: same.id } : fall;
  });
  return { ...own, falls };
}

function leads(a: Fall, b: Fall): boolean {
  if (reported[a.kind] !== reported[b.kind]) return reported[a.kind] > reported[b.kind];
  if (a.lowAtMs !== b.lowAtMs) return a.lowAtMs < b.lowAtMs;
  return a.id < b.id;
}
