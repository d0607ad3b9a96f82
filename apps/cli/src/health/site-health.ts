import { gatherRoomEvidence, type House, judgeWatch, roomIds } from '@vigilia/house';
import type { Status } from '@vigilia/protocol';
import type { Finding } from '../doctor/finding.ts';

/** The health of a site at one moment. */
export interface SiteHealth {
  readonly findings: readonly Finding[];
  /** Rooms of which nothing was heard yet, while it is too early to hold that against them. */
  readonly undecided: readonly number[];
}

/**
 * Judges a site by what was heard of it: whether falls would be seen in each room, and whether they would be acted on and reach
 * people. A room is judged as on the page.
 * @param nowMs epoch ms of the clock that `fold` is given
 */
export function siteHealth(house: House, nowMs: number): SiteHealth {
  const rooms = roomIds(house);
  const undecided = rooms.filter((id) => isUndecided(house, id, nowMs));
  const findings = [
    orchestratorFinding(house),
    notifierFinding(house),
    ...homesOf(house).map((status) => processorFinding(status)),
    ...rooms.filter((id) => !undecided.includes(id)).map((id) => roomFinding(house, id, nowMs)),
  ];
  return { findings: rooms.length === 0 ? [...findings, noRooms] : findings, undecided };
}

function isUndecided(house: House, id: number, nowMs: number): boolean {
  const room = gatherRoomEvidence(house, id, nowMs);
  const { seenAtMs, listeningSinceMs } = room.facts;
  const isHeard = seenAtMs !== undefined && seenAtMs >= listeningSinceMs;
  return judgeWatch(room) === undefined && !isHeard;
}

function orchestratorFinding({ orchestrator }: House): Finding {
  const check = 'orchestrator';
  if (orchestrator?.status === 'acting') return { check, result: 'ok', detail: 'acts on falls' };
  return {
    check,
    result: 'failed',
    code: 'orchestrator_not_acting',
    detail: `${orchestrator?.status ?? 'none has announced itself'}: a fall gives its room no processor of its own`,
    remedy: 'Start the orchestrator, and look into its log.',
  };
}

function notifierFinding({ notifier }: House): Finding {
  const check = 'notifier';
  if (notifier === 'online') return { check, result: 'ok', detail: 'notifies people of falls' };
  const detail = notifier === 'offline' ? 'offline: people are not notified of falls' : 'none has announced itself';
  const remedy = 'Start the notifier, and look into its log.';
  return notifier === 'offline'
    ? { check, result: 'failed', code: 'notifier_offline', detail, remedy }
    : { check, result: 'warning', code: 'no_notifier', detail, remedy };
}

/** Dedicated processors come and go with their incidents; the rooms that they monitor are judged. */
function homesOf({ processors }: House): Status[] {
  return [...processors.values()]
    .filter(({ role }) => role === 'home')
    .sort((a, b) => a.instance_id.localeCompare(b.instance_id));
}

function processorFinding({ instance_id: id, status, health = 'ok', streams = [] }: Status): Finding {
  const check = `processor ${id}`;
  // each change of settings is one, while rooms go on being watched
  const isRunning = status === 'running' || status === 'reconfiguring';
  if (isRunning && health === 'ok') return { check, result: 'ok', detail: `runs with ${streams.length} rooms` };
  if (isRunning) {
    const remedy = 'Look into its log and at its metrics; fewer rooms or lower rates take load off it.';
    return { check, result: 'failed', code: 'processor_unhealthy', detail: `reports ${health}`, remedy };
  }
  const remedy =
    status === 'paused'
      ? 'Resume it: send the command `resume`.'
      : 'Start it, and look into its log; where it will not return, give its rooms to another home.';
  return { check, result: 'failed', code: 'processor_not_running', detail: status, remedy };
}

function roomFinding(house: House, id: number, nowMs: number): Finding {
  const room = gatherRoomEvidence(house, id, nowMs);
  const check = room.name === undefined ? `room ${id}` : `room ${id} (${room.name})`;
  const watch = judgeWatch(room);
  if (watch === undefined) return { check, result: 'ok', detail: 'is watched' };
  const { condition, cause, unwatchedCause, since } = watch;
  const why = [cause ?? unwatchedCause, since === undefined ? undefined : `since ${since}`].filter(Boolean).join(', ');
  const detail = `${condition}${why === '' ? '' : ` (${why})`}: a fall would not be seen`;
  return {
    check,
    result: 'failed',
    code: `room_${condition}`,
    detail,
    remedy: remedies[condition] ?? remedies.unwatched,
  };
}

const remedies: Readonly<Record<string, string>> & { readonly unwatched: string } = {
  blind: 'Check its camera: vigilia doctor',
  paused: 'Resume the processor that monitors it.',
  unwatched: 'Look at the processor that should monitor it: vigilia rooms',
};

const noRooms: Finding = {
  check: 'rooms',
  result: 'failed',
  code: 'no_rooms',
  detail: 'no room is monitored',
  remedy: 'Start a processor with --streams, or name rooms in the policy.',
};
