import type { Logger } from '@vigilia/service';

/** Runs each step after the one before has ended; one that fails is logged, and those after it run all the same. Never rejects. */
export async function runInTurn(steps: readonly (() => void | Promise<void>)[], logger: Logger): Promise<void> {
  for (const step of steps) {
    try {
      await step();
    } catch (err) {
      // an internal error must not end what notifies people of falls
      logger.error({ event: 'look_failed', err }, 'the state of the site could not be evaluated');
    }
  }
}
