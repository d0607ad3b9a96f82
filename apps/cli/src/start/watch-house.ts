import {
  createTopics,
  detectionsSchema,
  eventSchema,
  fallReportSchema,
  incidentSchema,
  orchestratorStatusSchema,
  parseTopic,
  statusSchema,
} from '@vigilia/protocol';
import type { Bus, BusMessage } from '@vigilia/service';
import type { StoryInput } from './story.ts';

/** A message of the house as the story and the meter want it; undefined for one that says nothing to them. */
export function toStoryInput(
  prefix: string,
  message: Pick<BusMessage, 'topic' | 'payload' | 'retain'>,
): StoryInput | undefined {
  const topic = parseTopic(prefix, message.topic);
  if (topic === undefined || message.payload.length === 0) return undefined;
  const value = parseJson(message.payload);
  switch (topic.kind) {
    case 'status': {
      const status = statusSchema.safeParse(value);
      return status.success ? { kind: 'status', status: status.data } : undefined;
    }
    case 'detections': {
      const seen = detectionsSchema.safeParse(value);
      if (!seen.success) return undefined;
      return { kind: 'detections', sourceId: seen.data.source_id, instanceId: seen.data.instance_id };
    }
    case 'incident': {
      const incident = incidentSchema.safeParse(value);
      return incident.success ? { kind: 'incident', incident: incident.data } : undefined;
    }
    case 'orchestrator_status': {
      const status = orchestratorStatusSchema.safeParse(value);
      return status.success ? { kind: 'orchestrator', acting: status.data.status === 'acting' } : undefined;
    }
    case 'event':
      return toEvent(topic.type, value);
    default:
      return undefined;
  }
}

/** Ours say everything; a bare report of another fall sensor says the room. */
function toEvent(type: string, value: unknown): StoryInput | undefined {
  const event = eventSchema.safeParse(value);
  if (event.success) return { kind: 'event', event: event.data };
  if (type !== 'fall_detected') return undefined;
  const report = fallReportSchema.safeParse(value);
  if (!report.success) return undefined;
  return {
    kind: 'fall_report',
    sourceId: report.data.source_id,
    instanceId: report.data.instance_id ?? 'another sensor',
  };
}

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return undefined;
  }
}

/** Subscribes to everything that the timeline is made of. */
export async function watchHouse(bus: Bus, prefix: string, take: (input: StoryInput) => void): Promise<void> {
  const topics = createTopics(prefix);
  const handler = (message: BusMessage) => {
    const input = toStoryInput(prefix, message);
    if (input !== undefined) take(input);
  };
  for (const filter of [topics.statusAny, topics.incidentAny, topics.eventAny, topics.orchestratorStatus]) {
    await bus.subscribe(filter, handler);
  }
  await bus.subscribe(topics.detectionsAny, handler, { qos: 0 });
}
