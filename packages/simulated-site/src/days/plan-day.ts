import type { Random } from '../random.ts';
import { rooms } from './happening.ts';
import { planFall } from './plan-fall.ts';
import type { FallTruth } from './truth.ts';

const MINUTE = 60_000;
const SLOT_MS = 4 * 60 * MINUTE;

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What will go wrong on a day. Falls keep away from failures: each four-hour slot has its failures first, its fall later. */
export interface DayPlan {
  readonly falls: readonly FallTruth[];
  readonly blind: readonly (Span & { readonly room: number })[];
  readonly outage: Span & { readonly processor: string };
  readonly failedCommands: readonly { readonly atMs: number; readonly code: string }[];
  readonly errorLines: readonly number[];
  /** When the sink lags, and by how much at most. */
  readonly lag: { readonly atMs: number; readonly seconds: number };
}

const OUTCOMES = ['helped', 'helped', 'false_alarm', 'helped', 'drill', 'helped'] as const;
/** Which of them finds no memory for a dedicated processor. */
const DEGRADED = 3;
const CODES = ['model_not_found', 'invalid_params', 'stream_exists'] as const;

export function planDay(random: Random, startMs: number): DayPlan {
  const slot = (n: number) => startMs + n * SLOT_MS;
  const falls = OUTCOMES.map((outcome, n) =>
    planFall(random, {
      room: random.pick(rooms),
      fellMs: slot(n) + random.integer(40, 180) * MINUTE,
      outcome,
      degraded: n === DEGRADED,
    }),
  );
  const blind = [1, 4].map((n) => {
    const fromMs = slot(n) + random.integer(1, 5) * MINUTE;
    return { room: random.pick(rooms), fromMs, toMs: fromMs + random.integer(3, 15) * MINUTE };
  });
  const offMs = slot(2) + random.integer(2, 10) * MINUTE;
  return {
    falls,
    blind,
    outage: { processor: 'processor-b', fromMs: offMs, toMs: offMs + random.integer(40, 90) * 1000 },
    failedCommands: Array.from({ length: 5 }, () => ({
      atMs: startMs + random.integer(0, 6 * SLOT_MS - MINUTE),
      code: random.pick(CODES),
    })),
    errorLines: Array.from({ length: 3 }, () => startMs + random.integer(0, 6 * SLOT_MS - MINUTE)),
    lag: { atMs: slot(3), seconds: random.integer(60, 120) },
  };
}
