import { gatherRoomEvidence, type House, judgeWatch, roomIds } from '@vigilia/house';
import { withoutUndefined } from '@vigilia/protocol';
import type { AlertKind } from '../config/alerts-schema.ts';
import { type AlertCase, isOpen } from './alert-case.ts';
import { linkFindings, type TargetLinkState } from './link-findings.ts';

/** Something that may be wrong, as it is at this moment. `unknown` leaves a case as it is. */
interface Finding {
  readonly subject: string;
  readonly state: 'bad' | 'good' | 'unknown';
  readonly kind: AlertKind;
  readonly since?: string | undefined;
  readonly facts: Partial<Pick<AlertCase, 'sourceId' | 'roomName' | 'instanceId' | 'blindCause'>>;
}

/**
 * The cases of rooms that no processor sees and of services that are offline, as the site is now.
 * @param whole everything retained has arrived: what is missing was removed, and not just not received yet.
 */
export function updateTroubleCases(
  cases: readonly AlertCase[],
  {
    house,
    nowMs,
    whole,
    links = [],
  }: { house: House; nowMs: number; whole: boolean; links?: readonly TargetLinkState[] },
): readonly AlertCase[] {
  const at = new Date(nowMs).toISOString();
  // Without the broker nothing else can be known of the site.
  const ofHouse = house.connected
    ? [brokerFinding(house), ...orchestratorFindings(house), ...processorFindings(house), ...roomFindings(house, nowMs)]
    : [brokerFinding(house)];
  const findings: Finding[] = [...ofHouse, ...linkFindings(links, nowMs)];
  const bySubject = new Map(findings.map((one) => [one.subject, one]));
  const closed = cases.map((one) => {
    const subject = subjectOf(one);
    if (subject === undefined || !isOpen(one)) return one;
    const finding = bySubject.get(subject);
    const over = finding === undefined ? whole && house.connected : finding.state === 'good';
    return over ? { ...one, closed: { at, ms: nowMs } } : one;
  });
  const open = new Set(closed.filter(isOpen).map(subjectOf));
  const fresh = findings.filter(({ state, subject }) => state === 'bad' && !open.has(subject));
  return [
    ...closed,
    ...fresh.map(({ kind, subject, since, facts }) => ({
      key: `${kind}:${subject}:${Math.round(nowMs)}`,
      kind,
      openedMs: nowMs,
      happenedAt: since ?? at,
      ...facts,
    })),
  ];
}

/** What a case is about; undefined for falls, refused fall reports and drills. A room that is blind, then unwatched, stays one trouble. */
function subjectOf(one: AlertCase): string | undefined {
  switch (one.kind) {
    case 'fall':
    case 'fall_refused':
    case 'drill':
      return undefined;
    case 'unwatched':
    case 'blind':
      return `room ${one.sourceId}`;
    case 'processor_offline':
      return `processor ${one.instanceId}`;
    case 'target_offline':
      return `target ${one.instanceId}`;
    case 'orchestrator_offline':
      return 'orchestrator';
    case 'broker_lost':
      return 'broker';
  }
}

function brokerFinding(house: House): Finding {
  const state = house.connected ? 'good' : 'bad';
  return { subject: 'broker', kind: 'broker_lost', state, since: iso(house.connectionSinceMs), facts: {} };
}

function orchestratorFindings({ orchestrator }: House): Finding[] {
  if (orchestrator === undefined) return [];
  const state = orchestrator.status === 'offline' ? 'bad' : 'good';
  return [{ subject: 'orchestrator', kind: 'orchestrator_offline', state, since: orchestrator.timestamp, facts: {} }];
}

/** Dedicated processors come and go, and the orchestrator sees to them. */
function processorFindings(house: House): Finding[] {
  return [...house.processors.values()]
    .filter(({ role }) => role === 'home')
    .map(({ instance_id: instanceId, status, timestamp }) => ({
      subject: `processor ${instanceId}`,
      kind: 'processor_offline',
      state: status === 'offline' ? 'bad' : 'good',
      since: timestamp,
      facts: { instanceId },
    }));
}

function roomFindings(house: House, nowMs: number): Finding[] {
  return roomIds(house).map((id) => {
    const room = gatherRoomEvidence(house, id, nowMs);
    const watch = judgeWatch(room);
    const heard = room.facts.seenAtMs !== undefined && room.facts.seenAtMs >= house.connectionSinceMs;
    const bad = watch?.condition === 'unwatched' || watch?.condition === 'blind';
    // A person paused it on purpose; silence shortly after the connection means nothing.
    const good = watch?.condition === 'paused' || (watch === undefined && heard);
    return {
      subject: `room ${id}`,
      kind: watch?.condition === 'blind' ? 'blind' : 'unwatched',
      state: bad ? 'bad' : good ? 'good' : 'unknown',
      since: watch?.since,
      facts: withoutUndefined({ sourceId: id, roomName: room.name, blindCause: watch?.cause }),
    };
  });
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
