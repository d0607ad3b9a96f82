import type { Command } from '@vigilia/protocol';

const usuallyMs = 45_000;
const pingMs = 5000;

/** How long a processor may take to give its final answer to a command, ms. */
export function answerLimitMs({ command }: Pick<Command, 'command'>): number {
  return command === 'ping' ? pingMs : usuallyMs;
}

/** The verdict on a command whose processor ended, or was started anew, before it answered. */
export function goneVerdict(instanceId: string): {
  readonly done: false;
  readonly code: string;
  readonly message: string;
} {
  return { done: false, code: 'gone', message: `${instanceId} ended before it answered` };
}
