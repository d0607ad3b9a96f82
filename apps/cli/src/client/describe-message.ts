import type { AnyMessage } from '@vigilia/protocol';

type Shown = Extract<AnyMessage, { channel: 'event' | 'incident' | 'ack' | 'detections' }>;

/** Returns a message as one line for people. */
export function describeMessage(message: Shown): string {
  switch (message.channel) {
    case 'event': {
      const { value } = message;
      if (value === undefined) return message.places.type;
      const room = value.source_id === undefined ? '' : `  room ${value.source_id}`;
      const reason = value.reason === undefined ? '' : `  ${value.reason}`;
      return `${value.severity.padEnd(8)}  ${value.event}${room}  by ${value.instance_id}${reason}`;
    }
    case 'incident': {
      const { value } = message;
      if (value === undefined) return `incident  ${message.places.incident_id} removed`;
      return `incident  ${value.incident_id}  room ${value.source_id}  ${value.state}  monitored by ${value.watched_by}`;
    }
    case 'ack': {
      const { value } = message;
      if (value === undefined) return 'answer';
      const why = value.message === undefined ? '' : `  ${value.message}`;
      return `answer    ${value.instance_id}  ${value.command}  ${value.ack_status}${why}`;
    }
    case 'detections': {
      const { value, places } = message;
      const seen = (value?.detections ?? []).map((one) => `${one.class_name} ${one.confidence.toFixed(2)}`).join(', ');
      return `frame     room ${places.source_id}  by ${value?.instance_id ?? ''}  ${seen === '' ? 'nothing detected' : seen}`;
    }
  }
}
