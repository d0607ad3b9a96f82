import { channels, type OnMyWayAnswer } from '@vigilia/protocol';
import type { ChannelBus, CommandClient, Logger } from '@vigilia/service';
import type { AlertCase } from '../alerts/alert-case.ts';
import type { OnMyWayLinks } from './on-my-way-links.ts';
import type { OnMyWayClaim } from './token.ts';

/** How long the orchestrator may take. */
const answerWithinMs = 5000;

export interface FollowLinksOptions {
  readonly bus: ChannelBus;
  readonly client: CommandClient;
  readonly links: OnMyWayLinks;
  readonly openCases: () => readonly AlertCase[];
  readonly logger: Logger;
}

/** Acknowledges the incidents of links that people confirm in the console. Subscribes; call it before the bus is started. */
export function followLinks({ bus, client, links, openCases, logger }: FollowLinksOptions): void {
  void bus.subscribe(channels.onMyWayRequest, async ({ value }) => {
    if (value === undefined) return;
    const answer = await resultOf(value.token);
    logger.info({ event: 'on_my_way', result: answer.result, by: answer.by }, 'a link was confirmed');
    // A console that has gone meanwhile needs no answer.
    void bus.publish(channels.onMyWayAnswer, {}, { request_id: value.request_id, ...answer }).catch(() => undefined);
  });

  async function resultOf(token: string): Promise<Omit<OnMyWayAnswer, 'request_id'>> {
    const checked = links.check(token);
    if (checked.state !== 'valid') return { result: checked.state };
    const { claim } = checked;
    const found = openCases().find(({ incidentId }) => incidentId === claim.incidentId);
    if (found === undefined) return { result: 'over' };
    const acknowledged = await links.use(claim, () => acknowledge(claim));
    if (!acknowledged) return { result: 'failed' };
    const { sourceId, roomName } = found;
    return {
      result: 'acknowledged',
      by: claim.by,
      ...(sourceId === undefined ? {} : { source_id: sourceId }),
      ...(roomName === undefined ? {} : { room_name: roomName }),
    };
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
