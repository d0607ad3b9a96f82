import type { DesiredRoom, Override } from '@vigilia/protocol';
import type { Draft } from './draft.ts';
import { isFromFlags } from './from-flags.ts';
import { slotOf } from './overlays.ts';
import type { Rules } from './rules.ts';
import type { ProcessorView, StreamView } from './view.ts';

/** A home's own setting counts as meant after it has stood this long. */
const settledAfterMs = 5000;

/**
 * Where a home watches a room otherwise than desired and no incident has a hand in that setting: a processor that has just come (back)
 * with its flags is told what is desired; a change during its life was made by somebody, and the desired state follows.
 * A rate that only incidents use is taken for a leftover of one, so that relief never outlasts the last incident even where
 * its record was lost.
 */
export function followObserved(rules: Rules): void {
  const { draft, watching } = rules;
  const overridden = new Set<string>();
  for (const { incident } of draft.incidents.values()) {
    for (const entry of incident.overrides) overridden.add(slotOf(entry));
  }
  for (const [sourceId, room] of draft.desired) {
    const home = watching.processor(room.home);
    const stream = home?.streams.get(sourceId);
    if (home === undefined || stream === undefined || !watching.commandable(home)) continue;
    if (sameRate(room, stream) && sameModel(room, stream)) continue;
    if (busy(draft, room.home, sourceId)) continue;
    const free = (field: Override['field']): boolean =>
      !overridden.has(slotOf({ instance_id: room.home, source_id: sourceId, field }));
    settle(draft, sourceId, room, { home, stream, free });
  }
}

function settle(
  draft: Draft,
  sourceId: number,
  room: DesiredRoom,
  { home, stream, free }: { home: ProcessorView; stream: StreamView; free: (field: Override['field']) => boolean },
): void {
  const change: Partial<DesiredRoom> = {};
  const fromBirth = home.seenFromBirth || stream.fromFlags;
  const since = (field: Override['field']): number =>
    stream.changed[field] ?? home.listedSince.get(sourceId) ?? draft.now.monoMs;
  // what comes from its flags alone need not settle; whoever made a change tells of it in a moment
  const settled = (field: Override['field']): boolean =>
    isFromFlags(home, sourceId, field) || draft.reached(draft.now.monoMs - since(field), settledAfterMs);
  if (!sameRate(room, stream) && free('max_fps') && settled('max_fps')) {
    const nobodys = fromBirth && stream.maxFps === stream.initial.maxFps;
    if (nobodys || isLeftover(draft, stream.maxFps)) tellRate(draft, sourceId, room, stream);
    else change.max_fps = stream.maxFps;
  }
  if (!sameModel(room, stream) && free('model_id') && settled('model_id')) {
    const nobodys = fromBirth && stream.modelId === stream.initial.modelId;
    if (nobodys && !failed(draft, room.home, sourceId)) tellModel(draft, sourceId, room);
    else change.model_id = stream.modelId;
  }
  if (Object.keys(change).length > 0) draft.setDesired(sourceId, { ...room, ...change });
}

function tellRate(draft: Draft, sourceId: number, room: DesiredRoom, stream: StreamView): void {
  draft.act({
    kind: 'command',
    key: `fps:${room.home}:${sourceId}`,
    instanceId: room.home,
    command: { command: 'set_fps', params: { max_fps: room.max_fps ?? stream.maxFps, source_id: sourceId } },
    why: 'the desired rate is another',
  });
}

function tellModel(draft: Draft, sourceId: number, room: DesiredRoom): void {
  if (room.model_id === undefined) return;
  draft.act({
    kind: 'command',
    key: `model:${room.home}:${sourceId}`,
    instanceId: room.home,
    command: { command: 'change_model', params: { model_id: room.model_id, source_id: sourceId } },
    why: 'the desired model is another',
  });
}

function sameRate(room: DesiredRoom, stream: StreamView): boolean {
  return room.max_fps === undefined || room.max_fps === stream.maxFps;
}

function sameModel(room: DesiredRoom, stream: StreamView): boolean {
  return room.model_id === undefined || room.model_id === stream.modelId;
}

/** A model that this home refused is not asked for again: what it watches with is what there is. */
function failed({ view }: Draft, instanceId: string, sourceId: number): boolean {
  return view.failures.has(`model:${instanceId}:${sourceId}`);
}

function isLeftover({ policy }: Draft, fps: number): boolean {
  return fps === policy.relief.max_fps || fps === policy.degraded.max_fps;
}

function busy({ view }: Draft, instanceId: string, sourceId: number): boolean {
  return ['fps', 'model', 'add', 'remove'].some((act) => view.pending.has(`${act}:${instanceId}:${sourceId}`));
}
