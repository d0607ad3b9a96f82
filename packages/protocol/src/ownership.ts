import { z } from 'zod';
import { commandIdSchema, incidentIdSchema, instanceIdSchema, sourceIdSchema, timestampSchema } from './fields.ts';
import { withoutUndefined } from './without-undefined.ts';

/** Settings that the desired state takes over from operators. */
export const restorableSettings = ['max_fps', 'model_id', 'zones', 'aspect', 'rotate'] as const;
export type RestorableSetting = (typeof restorableSettings)[number];

/**
 * The author of a command. `policy`: the orchestrator restores what is desired of the room; `orchestrator`: an incident wants
 * it; `operator`: a person or a script.
 */
export const commandAuthorSchema = z.object({
  by: z.enum(['policy', 'orchestrator', 'operator']),
  incident_id: incidentIdSchema.optional(),
  /** Settings that the command gives back as an operator's command had set them, and that command. */
  restores: z
    .partialRecord(z.enum(restorableSettings), z.object({ command_id: commandIdSchema, at: timestampSchema }))
    .optional(),
});
export type CommandAuthor = z.infer<typeof commandAuthorSchema>;
export type Restores = NonNullable<CommandAuthor['restores']>;

/**
 * Who set a setting, by which command, and when, by the clock of the processor. `flags`: it is as the processor was started.
 * `restored`: the orchestrator gave it back as that command of an operator had set it.
 */
export const settingOwnerSchema = z.object({
  by: z.enum(['flags', 'policy', 'orchestrator', 'operator']),
  incident_id: incidentIdSchema.optional(),
  command_id: commandIdSchema.optional(),
  at: timestampSchema,
  restored: z.literal(true).optional(),
});
export type SettingOwner = z.infer<typeof settingOwnerSchema>;

/** Everything of a room that commands can change. `stream`: that the room is monitored at all. */
export const roomSettings = [
  'stream',
  'uri',
  'model_id',
  'max_fps',
  'confidence',
  'tracking',
  'decode',
  'zones',
  'single_session',
  'aspect',
  'rotate',
] as const;
export type RoomSettingName = (typeof roomSettings)[number];

/** The owner of each setting. A setting that was never set has none. */
export const setBySchema = z.partialRecord(z.enum(roomSettings), settingOwnerSchema);
export type SetBy = z.infer<typeof setBySchema>;

/** A room that a command took from a processor, until the processor monitors it again. */
export const removedStreamSchema = z.object({ source_id: sourceIdSchema, set_by: settingOwnerSchema });
export type RemovedStream = z.infer<typeof removedStreamSchema>;

/** Settings of a room in which the desired state follows operators. `removed`: the room was to be monitored no longer. */
export const followedSettings = [...restorableSettings, 'removed'] as const;
export type FollowedSetting = (typeof followedSettings)[number];

/** An operator's command that the desired state follows: later ones are recognised by another id. */
export const followedCommandSchema = z.object({
  command_id: commandIdSchema,
  /** The processor that completed it, and when by its clock. */
  instance_id: instanceIdSchema,
  at: timestampSchema,
  /** Incidents that were open then: they leave the setting as the operator wants it. */
  during: z.array(incidentIdSchema).max(1000).optional(),
  /** A later policy changed the setting: it is not the operator's any more. */
  superseded: z.literal(true).optional(),
});
export type FollowedCommand = z.infer<typeof followedCommandSchema>;

/**
 * Returns who wrote a command. Only an orchestrator that shows its term (`leader`) speaks for the policy or for an incident:
 * every other command is an operator's, whatever it claims.
 */
export function authorOf(envelope: {
  readonly author?: CommandAuthor | undefined;
  readonly leader?: object | undefined;
}): CommandAuthor {
  if (envelope.leader === undefined) return { by: 'operator' };
  // orchestrators of earlier versions state no author
  return envelope.author ?? { by: 'orchestrator' };
}

/** Returns the owner of what a command sets, apart from what it restores. */
export function ownerOfCommand(
  { by, incident_id }: CommandAuthor,
  completed: { readonly command_id?: string | undefined; readonly at: string },
): SettingOwner {
  return withoutUndefined({ by, incident_id, command_id: completed.command_id, at: completed.at });
}

/** Returns the owners of settings, of which those that `owner` has just set and that the command restores are an operator's again. */
export function withRestoredOwners(setBy: SetBy, owner: SettingOwner, restores: Restores | undefined): SetBy {
  if (restores === undefined) return setBy;
  const owners: SetBy = { ...setBy };
  for (const setting of restorableSettings) {
    const restored = restores[setting];
    if (restored !== undefined && owners[setting] === owner) {
      owners[setting] = { by: 'operator', command_id: restored.command_id, at: restored.at, restored: true };
    }
  }
  return owners;
}
