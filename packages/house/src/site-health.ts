import type { Status } from '@vigilia/protocol';
import type { House } from './house.ts';
import { type ProcessorLoad, processorLoad } from './processor-load.ts';
import { judgeWatch, type RoomJudgement } from './room-condition.ts';
import { gatherRoomEvidence, roomIds } from './room-evidence.ts';
import { isTooEarlyForReports, judgeServices, type ServiceFinding, type VersionsFinding } from './service-health.ts';

type Result = 'ok' | 'warning' | 'failed';

/** What is right or wrong with a processor that is there permanently. */
export interface ProcessorFinding {
  readonly about: 'processor';
  readonly result: Result;
  readonly code?: 'processor_unhealthy' | 'processor_not_running' | 'processor_overloaded';
  readonly id: string;
  readonly status: Status['status'];
  readonly health: NonNullable<Status['health']>;
  readonly rooms: number;
  /** Undefined while it is not known. */
  readonly load: ProcessorLoad | undefined;
}

/** One part of the site, judged. Each finding that is not `ok` has a code; callers put it into words. */
export type SiteFinding =
  | ProcessorFinding
  | ServiceFinding
  | VersionsFinding
  | {
      readonly about: 'orchestrator';
      readonly result: Result;
      readonly code?: 'orchestrator_not_acting';
      readonly status: string | undefined;
    }
  | { readonly about: 'notifier'; readonly result: Result; readonly code?: 'notifier_offline' | 'no_notifier' }
  | {
      readonly about: 'room';
      readonly result: Result;
      readonly code?: string;
      readonly id: number;
      readonly name: string | undefined;
      /** Why nothing that happens there would be seen. */
      readonly watch: RoomJudgement | undefined;
    }
  | { readonly about: 'site'; readonly result: 'failed'; readonly code: 'no_rooms' };

/** The health of a site at one moment. */
export interface SiteHealth {
  readonly findings: readonly SiteFinding[];
  /** Rooms of which nothing was heard yet, while it is too early to hold that against them. */
  readonly undecided: readonly number[];
  /** Homes that have sent one metrics message only, while the second can still come: their load is not known. */
  readonly unmeasured: readonly string[];
  /** Services that run may not have reported their version, clock and disks yet. */
  readonly isTooEarlyForReports: boolean;
}

/** Metrics come every ten seconds by default. */
const measuredWithinMs = 25_000;

/**
 * Judges a site by what was heard of it: whether falls would be seen in each room, and whether they would be acted on and reach
 * people. The command line and the console show this judgement.
 * @param nowMs epoch ms of the clock that `fold` is given
 */
export function judgeSite(house: House, nowMs: number): SiteHealth {
  const rooms = roomIds(house);
  const homes = homesOf(house);
  const undecided = rooms.filter((id) => isUndecided(house, id, nowMs));
  const findings: SiteFinding[] = [
    orchestratorFinding(house),
    notifierFinding(house),
    ...homes.map((status) => processorFinding(house, status)),
    ...judgeServices(house, nowMs),
    ...rooms.filter((id) => !undecided.includes(id)).map((id) => roomFinding(house, id, nowMs)),
  ];
  if (rooms.length === 0) {
    findings.push({ about: 'site', result: 'failed', code: 'no_rooms' });
  }
  const isEarly = nowMs - house.connectionSinceMs < measuredWithinMs;
  const unmeasured = isEarly ? homes.filter((status) => isUnmeasured(house, status)) : [];
  return {
    findings,
    undecided,
    unmeasured: unmeasured.map(({ instance_id }) => instance_id),
    isTooEarlyForReports: isTooEarlyForReports(house, nowMs),
  };
}

function isUndecided(house: House, id: number, nowMs: number): boolean {
  const room = gatherRoomEvidence(house, id, nowMs);
  const { seenAtMs, listeningSinceMs } = room.facts;
  const isHeard = seenAtMs !== undefined && seenAtMs >= listeningSinceMs;
  return judgeWatch(room) === undefined && !isHeard;
}

function isUnmeasured(house: House, status: Status): boolean {
  const isCurrent = house.metrics.get(status.instance_id)?.boot_id === status.boot_id;
  const hasRooms = (status.streams ?? []).length > 0;
  return isRunning(status) && hasRooms && isCurrent && processorLoad(house, status) === undefined;
}

function orchestratorFinding({ orchestrator }: House): SiteFinding {
  const status = orchestrator?.status;
  if (status === 'acting') return { about: 'orchestrator', result: 'ok', status };
  return { about: 'orchestrator', result: 'failed', code: 'orchestrator_not_acting', status };
}

function notifierFinding({ notifier }: House): SiteFinding {
  if (notifier === 'online') return { about: 'notifier', result: 'ok' };
  if (notifier === 'offline') return { about: 'notifier', result: 'failed', code: 'notifier_offline' };
  return { about: 'notifier', result: 'warning', code: 'no_notifier' };
}

/** Dedicated processors come and go with their incidents; the rooms that they monitor are judged. */
function homesOf({ processors }: House): Status[] {
  return [...processors.values()]
    .filter(({ role }) => role === 'home')
    .sort((a, b) => a.instance_id.localeCompare(b.instance_id));
}

function processorFinding(house: House, status: Status): ProcessorFinding {
  const { instance_id: id, health = 'ok', streams = [] } = status;
  const load = isRunning(status) ? processorLoad(house, status) : undefined;
  const facts = { about: 'processor', id, status: status.status, health, rooms: streams.length, load } as const;
  if (!isRunning(status)) return { ...facts, result: 'failed', code: 'processor_not_running' };
  if (health !== 'ok') return { ...facts, result: 'failed', code: 'processor_unhealthy' };
  // a room of which results come too late is unwatched, which fails
  if (load?.isOverloaded === true) return { ...facts, result: 'warning', code: 'processor_overloaded' };
  return { ...facts, result: 'ok' };
}

/** Each change of settings is a reconfiguration, while rooms go on being monitored. */
function isRunning({ status }: Status): boolean {
  return status === 'running' || status === 'reconfiguring';
}

function roomFinding(house: House, id: number, nowMs: number): SiteFinding {
  const room = gatherRoomEvidence(house, id, nowMs);
  const watch = judgeWatch(room);
  const facts = { about: 'room', id, name: room.name, watch } as const;
  if (watch === undefined) return { ...facts, result: 'ok' };
  return { ...facts, result: 'failed', code: `room_${watch.condition}` };
}
