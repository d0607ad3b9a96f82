import { type CommandParams, type DesiredRoom, type Incident, withoutUndefined } from '@vigilia/protocol';
import type { Draft } from './draft.ts';
import { authorOfDesired } from './follow-operators.ts';
import { byAge, dedicatedOf, partOf, wantsDedicated } from './incident-state.ts';
import type { Rules } from './rules.ts';
import type { ObservedProcessor } from './view.ts';

/** A home that went offline has this long to come back, as after a restart, before others take its rooms. */
const restartMs = 2000;
/** No processor sees the room (its camera is offline): after this long the other watchers are ended although nothing was seen. */
const blindHandOverMs = 20_000;

/** Who should watch a room now. */
interface Target {
  readonly processor: ObservedProcessor;
  readonly why: 'incident' | 'home' | 'failover';
}

/**
 * Hand-over, hand-back, failover, return and duplicates are one rule: decide who should watch a room; give it the room;
 * and take it from everyone else only when the right one's own detections are seen to go on.
 */
export function assignRooms(rules: Rules): void {
  const wanting = new Map<number, Incident>();
  for (const incident of byAge(rules.draft)) {
    if (wantsDedicated(rules.draft, incident) && !wanting.has(incident.source_id)) {
      wanting.set(incident.source_id, incident);
    }
  }
  for (const [sourceId, desired] of rules.draft.desired) {
    assignRoom(rules, sourceId, desired, wanting.get(sourceId));
  }
}

function assignRoom(rules: Rules, sourceId: number, desired: DesiredRoom, incident: Incident | undefined): void {
  const dedicated = incident === undefined ? undefined : dedicatedOf(rules.dedicated, incident)?.processor;
  if (incident !== undefined && dedicated !== undefined) {
    giveToDedicated(rules, { sourceId, desired }, incident, dedicated);
  }
  const target = chooseTarget(rules, sourceId, desired, dedicated);
  if (target === undefined) return;
  const { draft, watchers } = rules;
  // the way home belongs to the story of an incident too, which wants nothing by then
  const story = incident ?? byAge(draft).find((one) => one.source_id === sourceId && one.state !== 'closed');
  if (!target.processor.streams.has(sourceId)) {
    addStream(rules, sourceId, desired, target, story);
  }
  const steady = watchers.seesSteadily(target.processor, sourceId);
  const heldMs = draft.now.monoMs - (target.processor.listedSince.get(sourceId) ?? draft.now.monoMs);
  for (const other of watchers.watchersOf(sourceId)) {
    if (other.instanceId === target.processor.instanceId || other.instanceId === dedicated?.instanceId) continue;
    const othersBlind = !watchers.sees(other, sourceId);
    const holds = target.processor.confirmed && target.processor.streams.has(sourceId);
    const goes = steady || (holds && othersBlind && draft.reached(heldMs, blindHandOverMs));
    if (goes) {
      removeStream(rules, sourceId, other, target, story);
    }
  }
}

/** A shared dedicated processor is born with another room and must be given this one. */
function giveToDedicated(
  rules: Rules,
  { sourceId, desired }: { readonly sourceId: number; readonly desired: DesiredRoom },
  incident: Incident,
  dedicated: ObservedProcessor,
): void {
  if (dedicated.streams.has(sourceId) || !rules.watchers.commandable(dedicated)) return;
  const { policy } = rules.draft;
  const key = `add:${dedicated.instanceId}:${sourceId}`;
  rules.draft.act({
    kind: 'command',
    key,
    instanceId: dedicated.instanceId,
    command: {
      command: 'add_stream',
      params: streamParams(rules.draft, key, sourceId, {
        ...desired,
        max_fps: policy.incident.max_fps,
        model_id: policy.incident.model_id ?? desired.model_id,
      }),
    },
    author: authorOfDesired(desired, ['zones', 'aspect', 'rotate'], {
      by: 'orchestrator',
      incident_id: incident.incident_id,
    }),
    why: 'it takes the room of this incident too',
    incidentId: incident.incident_id,
    traceId: incident.trace_id,
  });
}

/** The dedicated one once it sees the room; else home; else, while home is offline, the one that has it or is least loaded. */
function chooseTarget(
  { draft, watchers }: Rules,
  sourceId: number,
  desired: DesiredRoom,
  dedicated: ObservedProcessor | undefined,
): Target | undefined {
  if (dedicated !== undefined && watchers.sees(dedicated, sourceId)) return { processor: dedicated, why: 'incident' };
  const home = watchers.processor(desired.home);
  if (watchers.present(home)) return { processor: home, why: 'home' };
  const holders = watchers.watchersOf(sourceId).filter((one) => one.role === 'home');
  const seeing = holders.find((one) => watchers.sees(one, sourceId)) ?? holders[0];
  if (seeing !== undefined) return { processor: seeing, why: 'failover' };
  if (!homeGivenUp(draft, home)) return undefined;
  const named = namedHomes(draft);
  const leastLoaded = watchers.homesByLoad().find(({ instanceId }) => named.has(instanceId));
  return leastLoaded === undefined ? undefined : { processor: leastLoaded, why: 'failover' };
}

/** Rooms go only to homes that the policy or the desired state names: a processor cannot make itself a home by claiming to be one. */
export function namedHomes({ desired, policy }: Draft): ReadonlySet<string> {
  return new Set([
    ...[...desired.values()].map(({ home }) => home),
    ...Object.values(policy.rooms).map(({ home }) => home),
    ...policy.homes,
  ]);
}

/** An offline home gets a moment (a restart); one that was never seen, as long as its first message may take. */
function homeGivenUp(draft: Draft, home: ObservedProcessor | undefined): boolean {
  if (home === undefined) {
    return draft.reached(draft.now.monoMs - draft.view.wholeSinceMs, draft.policy.timings.home_silent_seconds * 1000);
  }
  if (home.offlineSinceMs === undefined) return true;
  return draft.reached(draft.now.monoMs - home.offlineSinceMs, restartMs);
}

function addStream(
  rules: Rules,
  sourceId: number,
  desired: DesiredRoom,
  target: Target,
  incident: Incident | undefined,
): void {
  const { draft, watchers } = rules;
  const { processor } = target;
  if (!watchers.commandable(processor)) return;
  const key = `add:${processor.instanceId}:${sourceId}`;
  draft.act({
    kind: 'command',
    key,
    instanceId: processor.instanceId,
    command: { command: 'add_stream', params: streamParams(draft, key, sourceId, withRate(draft, desired)) },
    // the settings are the desired ones, also when an incident made the room move
    author: authorOfDesired(desired),
    why: target.why === 'failover' ? `its home ${desired.home} is offline` : 'it is the home of the room',
    ...partOf(incident),
    tells:
      target.why === 'failover'
        ? draft.event('room_taken', `failover ${sourceId} ${processor.instanceId} ${draft.nowIso}`, {
            source_id: sourceId,
            instance_id: processor.instanceId,
            severity: 'warning',
            from: desired.home,
            reason: 'home is offline',
          })
        : undefined,
  });
}

function withRate(draft: Draft, desired: DesiredRoom): Partial<DesiredRoom> {
  return {
    ...desired,
    max_fps: desired.max_fps ?? draft.policy.quiet.max_fps,
    model_id: desired.model_id ?? draft.policy.quiet.model_id,
  };
}

/**
 * Watched otherwise beats unwatched: a model that this processor does not have is left out at the second try, and so are learned things,
 * which an earlier version rejects. They stay out at every later try, so that another failure does not bring them back.
 */
function streamParams(
  draft: Draft,
  key: string,
  sourceId: number,
  room: Partial<DesiredRoom>,
): CommandParams<'add_stream'> {
  const failed = draft.view.failures.get(key)?.code;
  const modelUsable = failed !== 'model_not_found' && failed !== 'model_invalid';
  return withoutUndefined({
    source_id: sourceId,
    uri: room.address?.uri,
    max_fps: room.max_fps,
    model_id: room.model_id === undefined || !modelUsable ? undefined : room.model_id,
    zones: failed === undefined ? room.zones : room.zones?.filter(({ kind }) => kind !== 'thing'),
    aspect: room.aspect,
    rotate: room.rotate,
    require_frame: false,
  });
}

function removeStream(
  { draft, watchers }: Rules,
  sourceId: number,
  other: ObservedProcessor,
  target: Target,
  incident: Incident | undefined,
): void {
  if (!watchers.commandable(other)) return;
  draft.act({
    kind: 'command',
    key: `remove:${other.instanceId}:${sourceId}`,
    instanceId: other.instanceId,
    command: { command: 'remove_stream', params: { source_id: sourceId } },
    why: `${target.processor.instanceId} watches the room (${target.why})`,
    ...partOf(incident),
  });
}
