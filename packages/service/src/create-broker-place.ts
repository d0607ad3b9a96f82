import { readFileSync } from 'node:fs';
import { channels, decodeMessage } from '@vigilia/protocol';
import { brokerAddresses } from './broker-addresses.ts';
import { BrokerPlace } from './broker-place.ts';
import type { BusMessage, BusOptions } from './bus.ts';
import type { LeaderMark } from './choose-broker.ts';
import { systemClock } from './clock.ts';
import { openProbe } from './open-probe.ts';
import { PacketIds } from './packet-ids.ts';
import { UsageError } from './usage-error.ts';

/** Seconds between pings: with other brokers to go to, silence is noticed within 3 s instead of 6 s. */
export function keepaliveSecondsFor(several: boolean): number {
  return several ? 2 : 4;
}

export interface BrokerPlaceSettings extends Omit<BusOptions, 'clientId'> {
  /** The process is the orchestrator: where its statuses are retained. It follows none. */
  readonly ownStatusTopic?: string | undefined;
}

/**
 * Makes the place that the connections of one process share.
 * @param options of any of its connections; with `leaderTopic`, and without `ownStatusTopic`, it follows the orchestrator
 * @throws UsageError `ca_file_unreadable`
 */
export function createBrokerPlace(options: BrokerPlaceSettings): BrokerPlace {
  const {
    url,
    leaderTopic,
    ownStatusTopic,
    protocol = 'auto',
    username,
    password,
    caFile,
    clock = systemClock,
  } = options;
  const leads = ownStatusTopic !== undefined;
  const follows = leaderTopic === undefined || leads ? undefined : { topic: leaderTopic, read: readPresence };
  const probe = {
    protocol,
    username,
    password,
    ca: readCa(caFile),
    leader: leads ? { topic: ownStatusTopic, read: readStatus } : follows,
    keepaliveSeconds: keepaliveSecondsFor(true),
    logger: options.logger,
    clock,
    ids: new PacketIds(),
  };
  return new BrokerPlace({
    addresses: brokerAddresses(url),
    follows: follows !== undefined,
    openProbe: (address, reports) => openProbe(probe, address, reports),
    clock,
    logger: options.logger.child({ component: 'mqtt' }),
  });
}

/** Returns the presence of an orchestrator; undefined for what is none, and for what a broker kept. */
export function readPresence(message: BusMessage): LeaderMark | undefined {
  const decoded = message.retain ? undefined : decodeMessage(channels.leaderPresence, {}, message);
  return decoded?.ok ? decoded.value : undefined;
}

/** Returns what the status of an orchestrator, also one that ended, shows of its place. */
function readStatus(message: BusMessage): LeaderMark | undefined {
  const decoded = decodeMessage(channels.orchestratorStatus, {}, message);
  return decoded.ok ? decoded.value : undefined;
}

/** @throws UsageError `ca_file_unreadable` */
export function readCa(file: string | undefined): Buffer | undefined {
  if (file === undefined) {
    return undefined;
  }
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UsageError({
      code: 'ca_file_unreadable',
      message: `The broker's CA file cannot be read: ${(cause as Error).message}.`,
      remedy: 'Give the path of a PEM file.',
      cause,
    });
  }
}
