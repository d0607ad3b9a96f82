import { type ChannelName, channels } from '@vigilia/protocol';

/** Channels that are recorded. Shared copies, markers, snapshots and Home Assistant's topics are not. */
export const recordedChannels = [
  channels.event,
  channels.incident,
  channels.room,
  channels.status,
  channels.ack,
  channels.metricsReport,
  channels.commands,
  channels.orchestratorRooms,
  channels.orchestratorPolicy,
  channels.orchestratorCommands,
  channels.orchestratorStatus,
  channels.orchestratorAck,
  channels.detections,
  channels.metrics,
] as const;

export type RecordedChannel = (typeof recordedChannels)[number];

/** What a recorded topic is about. */
export type SinkTopic =
  | { readonly kind: 'commands' }
  | { readonly kind: 'status' | 'ack' | 'metrics_report' | 'metrics'; readonly instanceId: string }
  | { readonly kind: 'detections' | 'room'; readonly sourceId: number }
  | { readonly kind: 'event'; readonly type: string }
  | { readonly kind: 'incident'; readonly incidentId: string }
  | {
      readonly kind:
        | 'orchestrator_rooms'
        | 'orchestrator_policy'
        | 'orchestrator_commands'
        | 'orchestrator_status'
        | 'orchestrator_ack';
    };

const instanceKinds = { status: 'status', ack: 'ack', metricsReport: 'metrics_report', metrics: 'metrics' } as const;
const plainKinds = {
  commands: 'commands',
  orchestratorRooms: 'orchestrator_rooms',
  orchestratorPolicy: 'orchestrator_policy',
  orchestratorCommands: 'orchestrator_commands',
  orchestratorStatus: 'orchestrator_status',
  orchestratorAck: 'orchestrator_ack',
} as const;

/** Returns what a message of a channel is about; undefined for channels that are not recorded. */
export function sinkTopic(
  channel: ChannelName,
  places: Readonly<Record<string, string | number>>,
): SinkTopic | undefined {
  if (channel === 'event') return { kind: 'event', type: String(places.type) };
  if (channel === 'incident') return { kind: 'incident', incidentId: String(places.incident_id) };
  if (channel === 'detections' || channel === 'room') return { kind: channel, sourceId: Number(places.source_id) };
  if (channel in instanceKinds) {
    return { kind: instanceKinds[channel as keyof typeof instanceKinds], instanceId: String(places.instance_id) };
  }
  return channel in plainKinds ? { kind: plainKinds[channel as keyof typeof plainKinds] } : undefined;
}
