import type { Command, CommandParams, DesiredRoom } from '@vigilia/protocol';
import type { Draft } from './draft.ts';
import { byAge } from './incident-state.ts';
import type { Rules } from './rules.ts';

/**
 * A completed command that is not the orchestrator's own changes the desired state, so that nobody is fought. What people
 * set during an incident voids its override there: it is neither lowered again nor taken back.
 */
export function followOperators({ draft }: Rules): void {
  for (const item of draft.view.inbox) {
    if (item.kind !== 'operator') continue;
    for (const command of item.commands) follow(draft, item.instanceId, command);
    draft.record({ kind: 'settle', id: item.id });
  }
}

function follow(draft: Draft, instanceId: string, command: Command): void {
  switch (command.command) {
    case 'set_fps':
      each(draft, instanceId, command.params.source_id, (id) =>
        set(draft, instanceId, id, { max_fps: command.params.max_fps }),
      );
      return;
    case 'change_model':
      each(draft, instanceId, command.params.source_id, (id) =>
        set(draft, instanceId, id, { model_id: command.params.model_id }),
      );
      return;
    case 'set_zones':
      each(draft, instanceId, command.params.source_id, (id) =>
        set(draft, instanceId, id, { zones: command.params.zones }),
      );
      return;
    case 'set_camera':
      correctCamera(draft, command.params);
      return;
    case 'remove_stream':
      removed(draft, instanceId, command.params.source_id);
      return;
    case 'batch_commands':
      for (const inner of command.params.commands) follow(draft, instanceId, inner);
      return;
    case 'reconfigure':
      reconfigured(draft, instanceId, command.params.changes);
      return;
    case 'rename_instance':
      renamed(draft, instanceId, command.params.new_instance_id);
      return;
    default:
      return;
  }
}

/** The rooms a setting is for: the named one, or every room whose home this processor is. */
function each(draft: Draft, instanceId: string, sourceId: number | undefined, apply: (sourceId: number) => void): void {
  if (sourceId !== undefined) {
    apply(sourceId);
    return;
  }
  for (const id of draft.view.processors.get(instanceId)?.streams.keys() ?? []) apply(id);
}

function set(draft: Draft, instanceId: string, sourceId: number, change: Partial<DesiredRoom>): void {
  voidOverrides(draft, instanceId, sourceId, change);
  const room = draft.desired.get(sourceId);
  if (room === undefined) return;
  const meant = room.home === instanceId ? change : ofRoom(change);
  if (Object.keys(meant).length > 0) draft.setDesired(sourceId, { ...room, ...meant });
}

/** Zones and the camera belong to the room, whoever watches it at the moment; a rate or a model of another than its home does not. */
function ofRoom({ zones, aspect, rotate }: Partial<DesiredRoom>): Partial<DesiredRoom> {
  return {
    ...(zones === undefined ? {} : { zones }),
    ...(aspect === undefined ? {} : { aspect }),
    ...(rotate === undefined ? {} : { rotate }),
  };
}

/** `aspect: null` takes back the one that was set. */
function correctCamera(draft: Draft, { source_id, aspect, rotate }: CommandParams<'set_camera'>): void {
  const room = draft.desired.get(source_id);
  if (room === undefined) return;
  const { aspect: before, ...rest } = room;
  const wanted = aspect === undefined ? before : aspect;
  draft.setDesired(source_id, {
    ...rest,
    ...(typeof wanted === 'string' ? { aspect: wanted } : {}),
    ...(rotate === undefined ? {} : { rotate }),
  });
}

function voidOverrides(draft: Draft, instanceId: string, sourceId: number, change: Partial<DesiredRoom>): void {
  for (const incident of byAge(draft)) {
    const overrides = incident.overrides.map((entry) => {
      const value = change[entry.field];
      const meant = entry.instance_id === instanceId && entry.source_id === sourceId && value !== undefined;
      return meant ? { ...entry, before: value, set: value } : entry;
    });
    if (overrides.some((entry, i) => entry !== incident.overrides[i])) draft.edit(incident.incident_id, { overrides });
  }
}

function removed(draft: Draft, instanceId: string, sourceId: number): void {
  const room = draft.desired.get(sourceId);
  if (room === undefined) return;
  const watchedBy = byAge(draft).find((one) => one.source_id === sourceId && one.state !== 'closed')?.watched_by;
  if (room.home === instanceId || watchedBy === instanceId) draft.setDesired(sourceId, undefined);
}

function reconfigured(
  draft: Draft,
  instanceId: string,
  changes: Extract<Command, { command: 'reconfigure' }>['params']['changes'],
): void {
  const general = pick(changes);
  if (Object.keys(general).length > 0) each(draft, instanceId, undefined, (id) => set(draft, instanceId, id, general));
  if (changes.streams === undefined) return;
  const named = new Map(changes.streams.map((stream) => [stream.source_id, stream]));
  for (const [sourceId, room] of draft.desired) {
    const stream = named.get(sourceId);
    if (stream !== undefined) set(draft, instanceId, sourceId, pick(stream));
    else if (room.home === instanceId) draft.setDesired(sourceId, undefined);
  }
}

function pick(from: {
  max_fps?: number | undefined;
  model_id?: string | undefined;
  zones?: DesiredRoom['zones'];
  aspect?: DesiredRoom['aspect'];
  rotate?: DesiredRoom['rotate'];
}): Partial<DesiredRoom> {
  return {
    ...(from.max_fps === undefined ? {} : { max_fps: from.max_fps }),
    ...(from.model_id === undefined ? {} : { model_id: from.model_id }),
    ...(from.zones === undefined ? {} : { zones: from.zones }),
    ...(from.aspect === undefined ? {} : { aspect: from.aspect }),
    ...(from.rotate === undefined ? {} : { rotate: from.rotate }),
  };
}

function renamed(draft: Draft, from: string, to: string): void {
  for (const [sourceId, room] of draft.desired) {
    if (room.home === from) draft.setDesired(sourceId, { ...room, home: to });
  }
  for (const incident of byAge(draft)) {
    if (incident.state === 'closed') continue;
    const overrides = incident.overrides.map((entry) =>
      entry.instance_id === from ? { ...entry, instance_id: to } : entry,
    );
    const home = incident.home === from ? to : incident.home;
    const watched_by = incident.watched_by === from ? to : incident.watched_by;
    if (home !== incident.home || watched_by !== incident.watched_by)
      draft.edit(incident.incident_id, { home, watched_by, overrides });
  }
}
