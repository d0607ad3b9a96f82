import { type AnyMessage, channels } from '@vigilia/protocol';
import type { HouseMessage } from './house.ts';

/** Channels that a site's state is read from. */
export const houseChannels = [
  channels.status,
  channels.metrics,
  channels.serviceReport,
  channels.detections,
  channels.room,
  channels.event,
  channels.incident,
  channels.alert,
  channels.replay,
  channels.homeAssistantAvailability,
  channels.orchestratorRooms,
  channels.alarmFigures,
  channels.recordsState,
  channels.orchestratorStatus,
  channels.commands,
  channels.orchestratorCommands,
  channels.ack,
  channels.orchestratorAck,
] as const;

export type HouseChannel = (typeof houseChannels)[number];

/**
 * Returns a message as the site's state understands it; undefined for messages that change nothing.
 * @param wallMs the machine's clock when it arrived, epoch ms
 */
export function houseMessage(
  message: Extract<AnyMessage, { channel: HouseChannel['name'] }>,
  wallMs: number,
): HouseMessage | undefined {
  switch (message.channel) {
    case 'status':
      return { kind: 'status', instanceId: message.places.instance_id, status: message.value };
    case 'metrics':
      return { kind: 'metrics', instanceId: message.places.instance_id, metrics: message.value };
    case 'room':
      return { kind: 'room', sourceId: message.places.source_id, room: message.value };
    case 'incident':
      return { kind: 'incident', incidentId: message.places.incident_id, incident: message.value };
    case 'alert':
      return { kind: 'alert', incidentId: message.places.incident_id, alert: message.value };
    case 'replay':
      return { kind: 'replay', incidentId: message.places.incident_id, replay: message.value };
    case 'homeAssistantAvailability':
      return { kind: 'notifier', notifier: message.value };
    case 'orchestratorRooms':
      return { kind: 'desired', desired: message.value };
    case 'alarmFigures':
      return { kind: 'alarm_figures', figures: message.value };
    case 'recordsState':
      return { kind: 'records', instanceId: message.places.instance_id, records: message.value };
    case 'orchestratorStatus':
      return { kind: 'orchestrator', orchestrator: message.value };
    case 'serviceReport':
      return message.value && { kind: 'service', report: message.value, wallMs };
    case 'detections':
      return message.value && { kind: 'detections', detections: message.value };
    case 'event':
      return message.value && { kind: 'event', event: message.value };
    case 'commands':
      return message.value && { kind: 'command', to: 'processors', command: message.value };
    case 'orchestratorCommands':
      return message.value && { kind: 'command', to: 'orchestrator', command: message.value };
    case 'ack':
      return message.value && { kind: 'ack', to: 'processors', ack: message.value };
    case 'orchestratorAck':
      return message.value && { kind: 'ack', to: 'orchestrator', ack: message.value };
  }
}
