import type { Random } from '../random.ts';
import { homeOf, neighboursOf, nurses } from './happening.ts';
import type { FallTruth } from './truth.ts';

const SECOND = 1000;
/** How long after the alarm, and how often then, an unacknowledged fall is reported again. */
export const REMINDER_MS = 300 * SECOND;

type FallPlan = Pick<FallTruth, 'room' | 'fellMs' | 'outcome' | 'degraded'>;

/** Decides how one fall proceeds: who comes when, and how fast the room moves. */
export function planFall(random: Random, plan: FallPlan): FallTruth {
  const { room, fellMs, degraded } = plan;
  const alarmMs = fellMs + random.integer(20, 45) * SECOND;
  const openedMs = alarmMs + random.integer(100, 400);
  const at = (afterMs: number) => openedMs + afterMs;
  const started = random.integer(1500, 4000);
  const watching = started + random.integer(800, 2500);
  const acknowledged = random.integer(40, 420) * SECOND;
  const resolved = acknowledged + random.integer(60, 600) * SECOND;
  const returned = resolved + random.integer(2, 12) * SECOND;
  const moves = {
    dedicated_started: at(started),
    dedicated_watching: at(watching),
    room_released: at(watching + random.integer(100, 500)),
    room_returned: at(returned),
    dedicated_stopped: at(returned + random.integer(500, 1500)),
  };
  const steps = {
    opened: at(0),
    relief_applied: at(random.integer(150, 600)),
    acknowledged: at(acknowledged),
    resolved: at(resolved),
    ...(degraded ? undefined : moves),
    relief_lifted: at(returned + random.integer(1600, 2500)),
    closed: at(returned + 3000),
  };
  const home = homeOf(room);
  const id = `${room}-${Math.floor(fellMs / 1000)}`;
  const nurse = random.pick(nurses);
  return {
    ...plan,
    home,
    alarmMs,
    openedMs,
    steps,
    incidentId: `inc-${id}`,
    traceId: `trace-${id}`,
    eventId: `fall-${id}`,
    nurse,
    resolver: random.pick(nurses.filter((other) => other !== nurse)),
    acknowledgedMs: steps.acknowledged,
    resolvedMs: steps.resolved,
    closedMs: steps.closed,
    reminders: Math.floor((steps.acknowledged - alarmMs) / REMINDER_MS),
    relievedRooms: neighboursOf(room).length,
    gapMs: random.integer(200, 2500),
  };
}
