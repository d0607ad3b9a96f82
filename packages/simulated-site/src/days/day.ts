import type { Random } from '../random.ts';
import { cameraMessages } from './cameras.ts';
import { tellFall } from './fall-story.ts';
import type { Happening } from './happening.ts';
import { planDay } from './plan-day.ts';
import { serviceMessages } from './services.ts';
import type { Truth } from './truth.ts';

const DAY_MS = 86_400_000;

/** Returns what happens on a day of the site, in order, and adds to `truth` what every panel must show of it. */
export function simulatedDay(random: Random, startMs: number, truth: Truth): Happening[] {
  const plan = planDay(random, startMs);
  truth.falls.push(...plan.falls);
  const bootOf = (processor: string, atMs: number): string => {
    if (processor.includes('_'))
      return `boot-${plan.falls.find(({ closedMs }) => atMs <= closedMs)?.incidentId ?? 'none'}`;
    const isSecond = processor === plan.outage.processor && atMs >= plan.outage.fromMs + 1;
    return `boot-${processor}-${startMs}-${isSecond ? 2 : 1}`;
  };
  const parts = { plan, random, truth, startMs, endMs: startMs + DAY_MS, bootOf };
  const all = [...cameraMessages(parts), ...serviceMessages(parts), ...plan.falls.flatMap(tellFall)];
  return all.sort((a, b) => a.atMs - b.atMs);
}
