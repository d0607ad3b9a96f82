import { addresses, type CommandEnvelope, CommandError, parseCommandEnvelope } from '@vigilia/protocol';
import type { Identity } from '../publish/identity.ts';

/** What a message on the command topic is to this processor. */
export type ReadCommand =
  | { readonly kind: 'ignored'; readonly why: 'retained' | 'not_addressed' }
  | {
      readonly kind: 'unreadable';
      readonly error: CommandError;
      readonly commandId: string | undefined;
      readonly name: string;
    }
  | { readonly kind: 'command'; readonly envelope: CommandEnvelope };

/** Shown as the command of an answer to something that has none. */
const NO_NAME = 'unknown';

/**
 * Reads a message of the command topic. A retained one is never obeyed: it would run at each start. A dedicated processor obeys
 * only what names it.
 */
export function readCommand(
  message: { readonly text: string; readonly retain: boolean },
  identity: Pick<Identity, 'instanceId' | 'role'>,
): ReadCommand {
  if (message.retain) return { kind: 'ignored', why: 'retained' };
  try {
    const envelope = parseCommandEnvelope(message.text);
    return isOurs(envelope, identity) ? { kind: 'command', envelope } : { kind: 'ignored', why: 'not_addressed' };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const hints = readHints(message.text);
    if (!isOurs(hints, identity)) return { kind: 'ignored', why: 'not_addressed' };
    return { kind: 'unreadable', error, commandId: hints.command_id, name: hints.command ?? NO_NAME };
  }
}

function isOurs(
  envelope: Pick<CommandEnvelope, 'target_instances'>,
  identity: Pick<Identity, 'instanceId' | 'role'>,
): boolean {
  const addressed = addresses(envelope, identity.instanceId);
  return addressed === 'named' || (addressed === 'all' && identity.role === 'home');
}

/** What can be told of a message that is no command: enough to answer the right people about the right thing. */
function readHints(text: string): { target_instances?: string[]; command_id?: string; command?: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof value !== 'object' || value === null) return {};
  const { target_instances: targets, command_id: id, command } = value as Record<string, unknown>;
  const named = Array.isArray(targets) ? targets.filter((target) => typeof target === 'string') : [];
  return {
    ...(named.length > 0 && { target_instances: named }),
    ...(typeof id === 'string' && id !== '' && { command_id: id.slice(0, 128) }),
    ...(typeof command === 'string' && command !== '' && { command: command.slice(0, 64) }),
  };
}
