import {
  type CommandAuthor,
  type DesiredRoom,
  type FollowedCommand,
  type FollowedSetting,
  type RestorableSetting,
  restorableSettings,
  type SettingOwner,
} from '@vigilia/protocol';
import type { Draft } from './draft.ts';
import { byAge, isActive } from './incident-state.ts';
import type { Rules } from './rules.ts';
import type { ObservedProcessor, OperatorChange } from './view.ts';

/**
 * The desired state follows operators: every setting that a processor states to be an operator's, and every room that an
 * operator removed. Each command is followed once; what follows it later (an incident, a policy) may change the setting again.
 */
export function followOperators({ draft }: Rules): void {
  followRenames(draft);
  for (const processor of draft.view.processors.values()) {
    for (const [sourceId, changes] of processor.operatorChanges) {
      for (const [setting, change] of changes) {
        followChange(draft, processor, { sourceId, setting, change });
      }
    }
    for (const [sourceId, owner] of processor.removed) {
      followRemoval(draft, processor, sourceId, owner);
    }
  }
}

/** Returns whether the setting is an operator's and the desired state does not follow it yet: nothing else may change it. */
export function isUnfollowed(
  draft: Draft,
  { instanceId, streams }: ObservedProcessor,
  sourceId: number,
  setting: RestorableSetting,
): boolean {
  const owner = streams.get(sourceId)?.setBy?.[setting];
  return owner?.by === 'operator' && isNew(owner, instanceId, draft.desired.get(sourceId)?.followed?.[setting]);
}

/**
 * Returns the author of a command that gives settings of a room what is desired: the policy, which restores what operators chose.
 * The processor states these operators again, with their commands.
 */
export function authorOfDesired(
  room: DesiredRoom,
  settings: readonly RestorableSetting[] = restorableSettings,
  author: CommandAuthor = { by: 'policy' },
): CommandAuthor {
  const restores: NonNullable<CommandAuthor['restores']> = {};
  for (const setting of settings) {
    const command = room.followed?.[setting];
    if (command !== undefined && command.superseded !== true) {
      restores[setting] = { command_id: command.command_id, at: command.at };
    }
  }
  return Object.keys(restores).length === 0 ? author : { ...author, restores };
}

/**
 * One processor states its commands in their order; of different processors the later one counts, and of what the orchestrator
 * gave back: it may have been under way while the operator changed it again.
 */
function isNew(owner: SettingOwner, instanceId: string, followed: FollowedCommand | undefined): boolean {
  const { command_id, at, restored } = owner;
  if (command_id === undefined) return false;
  if (followed === undefined) return true;
  if (followed.command_id === command_id && followed.at === at) return false;
  const isInOrder = followed.instance_id === instanceId && restored !== true;
  return isInOrder || Date.parse(at) > Date.parse(followed.at);
}

/** Zones and the camera belong to the room, whichever processor monitors it; a rate or a model of another than its home does not. */
function followChange(
  draft: Draft,
  processor: ObservedProcessor,
  { sourceId, setting, change }: { sourceId: number; setting: FollowedSetting; change: OperatorChange },
): void {
  const room = draft.desired.get(sourceId);
  if (room === undefined || !isNew(change.owner, processor.instanceId, room.followed?.[setting])) return;
  const ofHome = setting === 'max_fps' || setting === 'model_id';
  if (ofHome && room.home !== processor.instanceId) return;
  const command = followedCommand(processor, change.owner);
  // incidents change rates and models: those that are open leave what an operator sets now alone
  const during = ofHome ? byAge(draft).filter(isActive) : [];
  if (during.length > 0) {
    command.during = during.map((incident) => incident.incident_id);
  }
  draft.setDesired(sourceId, { ...room, ...change.fields, followed: { ...room.followed, [setting]: command } });
}

function followedCommand({ instanceId }: ObservedProcessor, { command_id = '', at }: SettingOwner): FollowedCommand {
  return { command_id, instance_id: instanceId, at };
}

function followRemoval(draft: Draft, processor: ObservedProcessor, sourceId: number, owner: SettingOwner): void {
  const { instanceId, streams } = processor;
  const room = draft.desired.get(sourceId);
  if (room === undefined || streams.has(sourceId) || !isNew(owner, instanceId, room.followed?.removed)) return;
  const incident = byAge(draft).find((one) => one.source_id === sourceId && one.state !== 'closed');
  if (room.home === instanceId || incident?.watched_by === instanceId) {
    draft.setDesired(sourceId, undefined);
  }
}

/** A processor of another name that states the former one: its rooms and incidents go by the new name. */
function followRenames(draft: Draft): void {
  for (const { instanceId: to, renamedFrom: from } of draft.view.processors.values()) {
    if (from === undefined || draft.view.processors.has(from)) continue;
    for (const [sourceId, room] of draft.desired) {
      if (room.home === from) {
        draft.setDesired(sourceId, { ...room, home: to });
      }
    }
    for (const incident of byAge(draft)) {
      if (incident.state === 'closed' || (incident.home !== from && incident.watched_by !== from)) continue;
      const home = incident.home === from ? to : incident.home;
      const watched_by = incident.watched_by === from ? to : incident.watched_by;
      draft.edit(incident.incident_id, { home, watched_by });
    }
  }
}
