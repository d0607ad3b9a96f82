import { type Command, type CommandAuthor, ownerOfCommand, type SettingOwner } from '@vigilia/protocol';
import type { ReplyAddress } from '@vigilia/service';

/** What is needed to answer a command, also one that could not be read. */
export interface Answerable {
  /** Name of the command as it was sent. */
  readonly name: string;
  readonly commandId: string;
  readonly traceId: string | undefined;
  /** The name we had when it came: its sender listens there, also after `rename_instance`. */
  readonly receivedAs: string;
}

/** A checked command that addresses this processor, on its way from the topic to its answer. */
export interface ReceivedCommand extends Answerable {
  readonly command: Command;
  readonly author: CommandAuthor;
}

/** A copy of each answer goes here: MQTT 5 response topics of those who asked. */
export type ReplyTo = readonly ReplyAddress[];

/** Returns the owner of what a command sets. @param nowMs wall clock */
export function ownerOf({ author, commandId }: ReceivedCommand, nowMs: number): SettingOwner {
  return ownerOfCommand(author, { command_id: commandId, at: new Date(nowMs).toISOString() });
}
