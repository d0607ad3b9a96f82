import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type DesiredRoom, type OrchestratorCommand, type Policy, withoutUndefined } from '@vigilia/protocol';
import { hasCredentials, processorSchemes, schemeProblem } from '@vigilia/service';
import type { Answer } from './action.ts';
import { chooseHome, type HomeChoice, runningHomes } from './choose-home.ts';
import type { Draft, PolicyAuthor } from './draft.ts';
import { byAge } from './incident-state.ts';
import type { Rules } from './rules.ts';
import { policyRoom } from './seed-rooms.ts';
import { supersede } from './supersede.ts';

type Params<Name extends OrchestratorCommand['command']> = Extract<OrchestratorCommand, { command: Name }>['params'];
type GivenSettings = Pick<Params<'set_room'>, 'model_id' | 'max_fps'>;
type Refusal = Answer & { readonly ok: false };

/**
 * Makes a room desired, with one home, and names it in the policy. The answer states the home and why it was chosen. A request that
 * is delivered again, because the orchestrator ended before it was answered, finds the room as it wants it.
 */
export function addRoom(rules: Rules, requestId: string, params: Params<'add_room'>): Answer {
  const { draft } = rules;
  const { source_id: sourceId, uri } = params;
  const addedBy = createHash('sha256').update(requestId).digest('hex').slice(0, 16);
  const known = draft.desired.get(sourceId);
  if (known !== undefined)
    return known.added_by === addedBy ? staysWith(sourceId, known.home) : exists(sourceId, known);
  const refused = refusedAddress(uri);
  if (refused !== undefined) return refused;
  const choice = chooseHome(rules, params.home);
  if (choice === undefined) return noHome(rules, params.home);
  const { quiet } = draft.policy;
  // a room that an operator took from its processor is still in the policy, with its zones and its view
  const named = policyRoom(draft.policy, sourceId);
  const room: DesiredRoom = withoutUndefined({
    ...named,
    home: choice.home,
    max_fps: params.max_fps ?? named?.max_fps ?? quiet.max_fps,
    model_id: params.model_id ?? named?.model_id ?? quiet.model_id,
    address: uri === undefined ? undefined : { uri, set_at: draft.nowIso },
    name: params.name ?? named?.name,
    ward: params.ward ?? named?.ward,
    added_by: addedBy,
  });
  put(draft, authorOf(requestId, params), sourceId, room, { model_id: params.model_id, max_fps: params.max_fps });
  const message = `${titleOf(sourceId, room)} is given to ${choice.home}${whyOf(choice)}.`;
  return { ok: true, message, result: resultOf(sourceId, choice) };
}

/** Changes what people call a room, and how it is monitored. */
export function setRoom({ draft, watchers }: Rules, requestId: string, params: Params<'set_room'>): Answer {
  const { source_id: sourceId, uri, name, ward, model_id, max_fps } = params;
  const room = draft.desired.get(sourceId);
  if (room === undefined) return unknownRoom(sourceId);
  const refused = refusedAddress(uri);
  if (refused !== undefined) return refused;
  const { quiet } = draft.policy;
  const next: DesiredRoom = withoutUndefined({
    ...room,
    name: name === undefined ? room.name : (name ?? undefined),
    ward: ward === undefined ? room.ward : (ward ?? undefined),
    model_id: model_id === null ? quiet.model_id : (model_id ?? room.model_id),
    max_fps: max_fps === null ? quiet.max_fps : (max_fps ?? room.max_fps),
    address: uri === undefined || uri === room.address?.uri ? room.address : { uri, set_at: draft.nowIso },
  });
  const changed = (['name', 'ward', 'model_id', 'max_fps', 'address'] as const).filter(
    (field) => !isDeepStrictEqual(next[field], room[field]),
  );
  put(draft, authorOf(requestId, params), sourceId, next, { model_id, max_fps });
  const result = {
    source_id: sourceId,
    changed,
    has_address: next.address !== undefined,
    watchers: watchers.watchersOf(sourceId).map(({ instanceId }) => instanceId),
  };
  if (changed.length === 0) return { ok: true, message: `Room ${sourceId} is so already.`, result };
  const sentences = changed.map((field) => consequenceOf(field, next));
  return { ok: true, message: `Room ${sourceId}: ${sentences.join('; ')}.`, result };
}

/** Gives a room to another home. The assignment takes it from the present one once the new one sees it. */
export function moveRoom(rules: Rules, requestId: string, params: Params<'move_room'>): Answer {
  const { draft } = rules;
  const { source_id: sourceId, home } = params;
  const room = draft.desired.get(sourceId);
  if (room === undefined) return unknownRoom(sourceId);
  if (room.home === home) return staysWith(sourceId, home);
  const choice = chooseHome(rules, home);
  if (choice === undefined) return noHome(rules, home);
  put(draft, authorOf(requestId, params), sourceId, { ...room, home }, {});
  const message = `${titleOf(sourceId, room)} moves from ${room.home} to ${home}: ${room.home} monitors it until ${home} sees it.`;
  return { ok: true, message, result: { ...resultOf(sourceId, choice), from: room.home } };
}

/** Ends the monitoring of a room, everywhere, and takes it out of the policy. */
export function removeRoom({ draft }: Rules, requestId: string, params: Params<'remove_room'>): Answer {
  const { source_id: sourceId, confirmed } = params;
  const room = draft.desired.get(sourceId);
  const result = { source_id: sourceId };
  if (room === undefined) {
    // delivered again, or a processor has not let go of it yet
    const isRemoved = draft.removedRooms.has(sourceId);
    return isRemoved ? { ok: true, message: removed(sourceId), result } : unknownRoom(sourceId);
  }
  const open = byAge(draft).find((one) => one.source_id === sourceId && one.state !== 'closed');
  if (confirmed !== true) {
    const incident = open === undefined ? '' : ` Incident ${open.incident_id} in it is still open.`;
    const message = `${titleOf(sourceId, room)} is monitored by ${room.home}. After its removal falls in it are not reported.${incident}`;
    return { ok: false, code: 'confirmation_required', field: 'confirmed', message, result };
  }
  const { [String(sourceId)]: _removed, ...rooms } = draft.policy.rooms;
  if (String(sourceId) in draft.policy.rooms) {
    draft.changePolicy({ ...draft.policy, rooms }, authorOf(requestId, params));
  }
  draft.removeRoom(sourceId);
  return { ok: true, message: removed(sourceId), result: { ...result, home: room.home } };
}

/** Writes a room into the desired state and the policy. What operators set of it so far gives way to what is `given` now. */
function put(draft: Draft, author: PolicyAuthor, sourceId: number, room: DesiredRoom, given: GivenSettings): void {
  const policy = policyWith(draft.policy, sourceId, room, given);
  if (!isDeepStrictEqual(policy, draft.policy)) {
    draft.changePolicy(policy, author);
  }
  const followed = supersede(draft, sourceId, room, withoutUndefined(given));
  draft.setDesired(sourceId, { ...room, followed });
}

function authorOf(request: string, { by, via }: Omit<PolicyAuthor, 'request'>): PolicyAuthor {
  return { request, by, via };
}

/** Only what was given is a setting of the room's own in the policy; everything else, and what is null, follows `quiet`. */
function policyWith(
  policy: Policy,
  sourceId: number,
  { home, name, ward }: DesiredRoom,
  { model_id, max_fps }: GivenSettings,
): Policy {
  const before = policy.rooms[String(sourceId)];
  const room = withoutUndefined<Policy['rooms'][string]>({
    ...before,
    home,
    name,
    ward,
    model_id: model_id === null ? undefined : (model_id ?? before?.model_id),
    max_fps: max_fps === null ? undefined : (max_fps ?? before?.max_fps),
  });
  return { ...policy, rooms: { ...policy.rooms, [String(sourceId)]: room } };
}

/** An address of the desired state is retained and read by many: one with something to hide in it is kept in go2rtc only. */
function refusedAddress(uri: string | undefined): Refusal | undefined {
  if (uri === undefined) return undefined;
  const problem = schemeProblem(uri, processorSchemes);
  if (problem !== undefined) return { ok: false, code: 'invalid_params', field: 'uri', message: problem };
  if (!hasCredentials(uri)) return undefined;
  const message =
    'The address of the camera contains credentials, which no message may hold. Name the camera in go2rtc (--go2rtc-url), and add the room without an address.';
  return { ok: false, code: 'invalid_params', field: 'uri', message };
}

function noHome(rules: Rules, wanted: string | undefined): Refusal {
  const running = runningHomes(rules).map(({ instanceId }) => instanceId);
  const homes = running.length === 0 ? 'None runs' : `These do: ${running.join(', ')}`;
  const message =
    wanted === undefined
      ? 'No processor can be given the room: none runs with --enable-control that the policy names in `homes` or as the home of a room.'
      : `${wanted} is not a home that runs and obeys commands. ${homes}.`;
  return withoutUndefined({
    ok: false,
    code: 'no_home',
    field: wanted === undefined ? undefined : 'home',
    message,
  }) as Refusal;
}

function exists(sourceId: number, { home }: DesiredRoom): Refusal {
  const message = `Room ${sourceId} is monitored by ${home} already. Change it with set_room, or use another number.`;
  return { ok: false, code: 'stream_exists', field: 'source_id', message };
}

function unknownRoom(sourceId: number): Refusal {
  const message = `Room ${sourceId} is not monitored. Add it with add_room.`;
  return { ok: false, code: 'unknown_stream', field: 'source_id', message };
}

function staysWith(sourceId: number, home: string): Answer {
  const message = `Room ${sourceId} is with ${home} already.`;
  return { ok: true, message, result: { source_id: sourceId, home, reason: 'already' } };
}

function removed(sourceId: number): string {
  return `Room ${sourceId} is not monitored any more from now on.`;
}

function titleOf(sourceId: number, { name, ward }: DesiredRoom): string {
  const parts = [name, ward].filter((part) => part !== undefined);
  return parts.length === 0 ? `Room ${sourceId}` : `Room ${sourceId} (${parts.join(', ')})`;
}

function whyOf({ reason, rooms, allRooms, framesPerSecond }: HomeChoice): string {
  if (reason === 'named') return '';
  const load = `${rooms} of ${allRooms} rooms, ${framesPerSecond} frames per second`;
  return reason === 'only' ? `, the only home that runs (${load})` : `, which has the least to do (${load})`;
}

function resultOf(sourceId: number, choice: HomeChoice): Record<string, unknown> {
  return {
    source_id: sourceId,
    home: choice.home,
    reason: choice.reason,
    rooms: choice.rooms,
    all_rooms: choice.allRooms,
    frames_per_second: choice.framesPerSecond,
  };
}

function consequenceOf(
  field: 'name' | 'ward' | 'model_id' | 'max_fps' | 'address',
  { name, ward, model_id, max_fps, address }: DesiredRoom,
): string {
  if (field === 'name') return name === undefined ? 'it has no name now' : `its name is ${name} now`;
  if (field === 'ward') return ward === undefined ? 'it belongs to no ward now' : `it belongs to ward ${ward} now`;
  if (field === 'model_id') return `it is monitored with ${model_id ?? 'the model of its processor'} from now on`;
  if (field === 'max_fps') return `${max_fps} frames per second are analysed from now on`;
  return `its camera is read from ${address?.uri} as soon as a frame comes from there; until then from the present address`;
}
