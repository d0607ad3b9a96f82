import { randomBytes } from 'node:crypto';
import { createBackoff } from './backoff.ts';
import type { ProbeReports } from './broker-search.ts';
import type { BusMessage } from './bus.ts';
import type { LeaderMark } from './choose-broker.ts';
import { type LinkOptions, MqttLink } from './mqtt-link.ts';

/** Where an orchestrator can be read of, and how: its presence, or the status that it left. */
interface LeaderTopic {
  readonly topic: string;
  /** Returns undefined for a message that proves nothing. */
  readonly read: (message: BusMessage) => LeaderMark | undefined;
}

/** What a probe shares with the connections of its process. */
export type ProbeOptions = Pick<
  LinkOptions,
  'protocol' | 'username' | 'password' | 'ca' | 'keepaliveSeconds' | 'logger' | 'clock' | 'ids'
> & {
  /** undefined: only whether the broker answers matters. */
  readonly leader: LeaderTopic | undefined;
};

/** Opens a connection with a random client id and a clean session, which publishes nothing. */
export function openProbe(options: ProbeOptions, address: string, reports: ProbeReports): { close(): void } {
  const { leader, logger, ...shared } = options;
  const link = new MqttLink({
    ...shared,
    // what a search finds is logged where the choice is made
    logger: logger.child({ component: 'broker-probe' }, { level: 'silent' }),
    place: { several: true, find: async () => address, lost: () => reports.answers('no'), onMove: () => undefined },
    identity: { clientId: `probe-${randomBytes(6).toString('hex')}`, will: undefined },
    clean: true,
    forgetsOnMove: false,
    backoff: createBackoff({ minMs: 200, maxMs: 1000 }),
    onMessage: async (message) => {
      const mark = leader?.read(message);
      if (mark !== undefined) {
        reports.leader(mark);
      }
      return true;
    },
    onSkipped: () => undefined,
    onDrain: () => undefined,
    onOpened: async (connection) => {
      reports.answers('yes');
      if (leader !== undefined) {
        await Promise.race([connection.subscribe([{ filter: leader.topic, qos: 0 }]), connection.closed]);
      }
    },
    onClosed: () => undefined,
    onTakenOver: undefined,
  });
  link.start();
  return { close: () => void link.stop() };
}
