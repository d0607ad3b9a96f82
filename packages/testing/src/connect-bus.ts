import { randomBytes } from 'node:crypto';
import { type Bus, type BusOptions, createBus, within } from '@vigilia/service';
import { silentLogger } from './test-logger.ts';

/**
 * A connected bus that logs nothing; stop it at the end of the test. A test that was held up is not a client that has left: the
 * broker waits a minute for its word.
 */
export async function connectBus(
  url: string,
  clientId = `test-${randomBytes(4).toString('hex')}`,
  options: Partial<Omit<BusOptions, 'url' | 'clientId'>> = {},
): Promise<Bus> {
  const bus = createBus({ url, clientId, logger: silentLogger(), keepaliveSeconds: 60, ...options });
  using limit = within(60_000);
  await bus.start(limit.signal);
  return bus;
}
