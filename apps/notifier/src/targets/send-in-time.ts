import { type Clock, within } from '@vigilia/service';
import type { AlertMessage } from './alert-message.ts';
import { SendError, type Target } from './target.ts';

/** One attempt within the target's own time. @throws SendError (`timeout` and its own); the signal's reason */
export async function sendInTime(o: {
  target: Target;
  message: AlertMessage;
  clock: Clock;
  signal: AbortSignal;
}): Promise<void> {
  const { target, message, clock, signal } = o;
  signal.throwIfAborted();
  const late = () =>
    new SendError({
      code: 'timeout',
      message: `No answer within ${target.timeoutMs / 1000} s.`,
      remedy: 'Check the server and the network; timeout_s gives it longer.',
    });
  using limit = within(target.timeoutMs, signal, { clock, error: late });
  await target.send(message, limit.signal);
}
