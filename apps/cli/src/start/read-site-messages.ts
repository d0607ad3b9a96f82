import { type AnyMessage, channels } from '@vigilia/protocol';
import type { ChannelBus } from '@vigilia/service';
import type { StoryInput } from './story.ts';

const told = [
  channels.status,
  channels.incident,
  channels.event,
  channels.orchestratorStatus,
  channels.detections,
] as const;

type Told = Extract<AnyMessage, { channel: (typeof told)[number]['name'] }>;

/** Returns a message as the story and the meter want it; undefined for one that has no meaning for them. */
function toStoryInput(message: Told): StoryInput | undefined {
  if (message.value === undefined) return undefined;
  switch (message.channel) {
    case 'status':
      return { kind: 'status', status: message.value };
    case 'detections':
      return { kind: 'detections', sourceId: message.value.source_id, instanceId: message.value.instance_id };
    case 'incident':
      return { kind: 'incident', incident: message.value };
    case 'orchestratorStatus':
      return { kind: 'orchestrator', acting: message.value.status === 'acting' };
    case 'event':
      return { kind: 'event', event: message.value };
  }
}

/** Subscribes to everything that the timeline is made of. */
export async function readSiteMessages(bus: ChannelBus, take: (input: StoryInput) => void): Promise<void> {
  await bus.subscribeAll(
    told,
    (message) => {
      const input = toStoryInput(message);
      if (input !== undefined) {
        take(input);
      }
    },
    {
      // a report of another sensor is not a complete event: it needs only the room
      onRejected: ({ channel, body, arrival }) => {
        if (channel !== 'event' || !arrival.topic.endsWith('/fall_detected')) return;
        const report = channels.fallReport.schema.safeParse(body);
        if (!report.success) return;
        const { source_id: sourceId, instance_id: instanceId = 'another sensor' } = report.data;
        take({ kind: 'fall_report', sourceId, instanceId });
      },
    },
  );
}
