import { BusError } from '@vigilia/service';

/**
 * Waits until the broker has a message. One that the broker will never take must not keep everything behind it from being done:
 * the bus logs it and shows it in the readiness.
 * @throws BusError when the message could not be handed over now
 */
export async function unlessPermanent(published: Promise<void>): Promise<void> {
  try {
    await published;
  } catch (error) {
    if (!(error instanceof BusError && error.permanent)) throw error;
  }
}
