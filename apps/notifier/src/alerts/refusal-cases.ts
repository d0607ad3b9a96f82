import type { House } from '@vigilia/house';
import { withoutUndefined } from '@vigilia/protocol';
import { type AlertCase, isOpen } from './alert-case.ts';

/** The same reason is reported again only after this time. */
export const refusalPauseMs = 600_000;
/** A warning that could not be sent, for example during quiet hours, is kept this long. */
const keepOpenMs = 12 * 3_600_000;
/** At most so many different reasons are reported within the pause, and at most so many wait to be sent. */
const mostRefusals = 20;

/** A fall report from which the orchestrator could not open an incident. */
export interface RefusedReport {
  /** Of the event that reported it. */
  readonly eventId: string;
  readonly reason: string;
  /** The room that the report named, if it named one. */
  readonly sourceId: number | undefined;
  readonly roomName: string | undefined;
  readonly happenedAt: string;
}

/** Returns the cases after a fall report was refused. A newer refusal for the same reason replaces one that still waits. */
export function withRefusal(
  cases: readonly AlertCase[],
  refused: RefusedReport,
  { house, nowMs }: { house: House; nowMs: number },
): readonly AlertCase[] {
  const { eventId, reason, sourceId, happenedAt } = refused;
  const recent = cases.filter((one) => isRefusal(one) && nowMs - one.openedMs < refusalPauseMs);
  if (recent.length >= mostRefusals || recent.some((one) => one.reason === reason)) return cases;
  const open = cases.filter((one) => isRefusal(one) && isOpen(one));
  const replaced = new Set([...open.slice(0, -(mostRefusals - 1)), ...open.filter((one) => one.reason === reason)]);
  const roomName = refused.roomName ?? house.desired?.rooms[String(sourceId)]?.name;
  const fresh: AlertCase = withoutUndefined({
    key: `fall_refused:${eventId}`,
    kind: 'fall_refused',
    openedMs: nowMs,
    happenedAt,
    reason,
    sourceId,
    roomName,
  });
  return [
    ...cases.filter(({ key }) => key !== fresh.key).map((one) => (replaced.has(one) ? ended(one, nowMs) : one)),
    fresh,
  ];
}

/** Closes refusals that are too old to be of use to people. */
export function updateRefusalCases(cases: readonly AlertCase[], nowMs: number): readonly AlertCase[] {
  const isOver = (one: AlertCase): boolean => isRefusal(one) && isOpen(one) && nowMs - one.openedMs >= keepOpenMs;
  return cases.some(isOver) ? cases.map((one) => (isOver(one) ? ended(one, nowMs) : one)) : cases;
}

function isRefusal(one: AlertCase): boolean {
  return one.kind === 'fall_refused';
}

function ended(one: AlertCase, nowMs: number): AlertCase {
  return { ...one, closed: { at: new Date(nowMs).toISOString(), ms: nowMs } };
}
