import type { Ack, Command } from '@vigilia/protocol';
import { redactUrl } from '@vigilia/service';

/** What a final ACK means for the act: done, or why not. */
export type AckJudgement =
  | { readonly done: true }
  | { readonly done: false; readonly code: string; readonly message: string };

/** "It is so already" is as good as "it is done": a command is repeated when it is not known whether it arrived. */
export function judgeAck(command: Command, ack: Ack): AckJudgement {
  if (ack.ack_status === 'completed') return { done: true };
  const code = ack.error?.code ?? 'internal';
  if (command.command === 'add_stream' && code === 'stream_exists') return { done: true };
  if (command.command === 'remove_stream' && code === 'unknown_stream') return { done: true };
  return { done: false, code, message: redactUrl(ack.message ?? `the processor answered ${code}`) };
}
