import { channels, type OnMyWayAnswer, type OnMyWayRequest, withoutUndefined } from '@vigilia/protocol';
import type { ChannelBus, CommandClient, Logger } from '@vigilia/service';
import type { OnMyWayLinks } from './on-my-way-links.ts';
import type { OnMyWayClaim } from './token.ts';

/** How long the orchestrator may take. */
const answerWithinMs = 5000;

/** What a link needs of an open case. */
interface OpenCase {
  readonly incidentId?: string | undefined;
  readonly sourceId?: number | undefined;
  readonly roomName?: string | undefined;
}

export interface FollowLinksOptions {
  readonly bus: ChannelBus;
  readonly client: CommandClient;
  readonly links: OnMyWayLinks;
  readonly openCases: () => readonly OpenCase[];
  readonly logger: Logger;
}

/** Acknowledges the incidents of links that people confirm in the console. Subscribes; call it before the bus is started. */
export function followLinks({ bus, client, links, openCases, logger }: FollowLinksOptions): void {
  // Not awaited: an orchestrator that hangs must not keep the next person waiting.
  void bus.subscribe(channels.onMyWayRequest, ({ value }) => {
    if (value !== undefined) {
      void answer(value);
    }
  });

  async function answer({ request_id: requestId, token }: OnMyWayRequest): Promise<void> {
    try {
      const outcome = await outcomeOf(token);
      logger.info({ event: 'on_my_way', result: outcome.result, by: outcome.by }, 'a link was confirmed');
      await bus.publish(channels.onMyWayAnswer, {}, { request_id: requestId, ...outcome });
    } catch (err) {
      logger.error({ event: 'on_my_way_failed', err }, 'a link could not be answered');
    }
  }

  async function outcomeOf(token: string): Promise<Omit<OnMyWayAnswer, 'request_id'>> {
    const checked = links.check(token);
    if (checked.state !== 'valid') return { result: checked.state };
    const { claim } = checked;
    const found = openCases().find(({ incidentId }) => incidentId === claim.incidentId);
    if (found === undefined) return { result: 'over' };
    const acknowledged = await links.use(claim, () => acknowledge(claim));
    if (!acknowledged) return { result: 'failed' };
    const { sourceId, roomName } = found;
    return withoutUndefined({
      result: 'acknowledged',
      by: claim.by,
      source_id: sourceId,
      room_name: roomName,
    });
  }

  async function acknowledge({ incidentId, by }: OnMyWayClaim): Promise<boolean> {
    const { answers } = await client.send({
      to: 'orchestrator',
      command: { command: 'acknowledge', params: { incident_id: incidentId, by, via: 'link' } },
      timeoutMs: answerWithinMs,
    });
    return answers.some(({ ack_status: status }) => status === 'completed');
  }
}
