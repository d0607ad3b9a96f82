import { CommandError, streamAddress } from '@vigilia/protocol';
import type { AddressRules, RoomConfig } from './processor-config.ts';

/** The address ffmpeg opens for a room: its own, or the stream server's. */
export function roomAddress(
  room: Pick<RoomConfig, 'sourceId' | 'uri'>,
  rules: Pick<AddressRules, 'streamServer'>,
): string {
  return room.uri ?? streamAddress(rules.streamServer, room.sourceId);
}

/**
 * Refuses an address that no room may have, naming the parameter that held it.
 * @throws CommandError of the rule's code with `field`.
 */
export function checkAddress(uri: string, rules: Pick<AddressRules, 'checkUri'>, field: string): void {
  try {
    rules.checkUri(uri);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(error.code, `Invalid parameter ${field}: ${error.message}`, { field, cause: error });
  }
}
