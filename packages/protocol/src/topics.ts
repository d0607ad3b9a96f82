/** Every topic of the system. No other file builds a topic string. */
export function createTopics(prefix = 'nvr') {
  return {
    prefix,
    /** Commands to processors; never retained. */
    commands: `${prefix}/control/commands`,
    /** Shared copy of every processor's status, for those who watch one topic. */
    statusShared: `${prefix}/control/status`,
    status: (instanceId: string) => `${prefix}/control/status/${instanceId}`,
    statusAny: `${prefix}/control/status/+`,
    ackShared: `${prefix}/control/status/ack`,
    ack: (instanceId: string) => `${prefix}/control/status/${instanceId}/ack`,
    ackAny: `${prefix}/control/status/+/ack`,
    /** Full report after the command `metrics`. */
    metricsReport: (instanceId: string) => `${prefix}/control/status/metrics/${instanceId}`,
    /** Light report, retained, QoS 0: also a second heartbeat. */
    metrics: (instanceId: string) => `${prefix}/status/metrics/${instanceId}`,
    metricsAny: `${prefix}/status/metrics/+`,
    detections: (sourceId: number) => `${prefix}/detections/${sourceId}`,
    detectionsAny: `${prefix}/detections/+`,
    room: (sourceId: number) => `${prefix}/rooms/${sourceId}`,
    roomAny: `${prefix}/rooms/+`,
    event: (type: string) => `${prefix}/events/${type}`,
    eventAny: `${prefix}/events/+`,
    incident: (incidentId: string) => `${prefix}/incidents/${incidentId}`,
    incidentAny: `${prefix}/incidents/+`,
    /** Desired state, retained. */
    orchestratorRooms: `${prefix}/orchestrator/rooms`,
    /** A policy set by `set_policy`, retained. */
    orchestratorPolicy: `${prefix}/orchestrator/policy`,
    orchestratorCommands: `${prefix}/orchestrator/commands`,
    orchestratorStatus: `${prefix}/orchestrator/status`,
    orchestratorAck: `${prefix}/orchestrator/status/ack`,
    /** An orchestrator's own marker: everything retained before it has arrived when it comes back. */
    orchestratorMarker: (bootId: string) => `${prefix}/orchestrator/marker/${bootId}`,
    all: `${prefix}/#`,
    /**
     * Pictures, not retained, QoS 0. A tree of their own: whoever reads everything of the house still reads no picture.
     */
    picture: (sourceId: number) => `${prefix}-pictures/${sourceId}`,
    pictureAny: `${prefix}-pictures/+`,
  } as const;
}

export type Topics = ReturnType<typeof createTopics>;

/** What a topic is, and the part of it that varies. */
export type ParsedTopic =
  | { readonly kind: 'commands' | 'status_shared' | 'ack_shared' }
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
        | 'orchestrator_ack'
        | 'orchestrator_marker';
    };

const fixed: Readonly<Record<string, ParsedTopic>> = {
  'control/commands': { kind: 'commands' },
  'control/status': { kind: 'status_shared' },
  'control/status/ack': { kind: 'ack_shared' },
  'orchestrator/rooms': { kind: 'orchestrator_rooms' },
  'orchestrator/policy': { kind: 'orchestrator_policy' },
  'orchestrator/commands': { kind: 'orchestrator_commands' },
  'orchestrator/status': { kind: 'orchestrator_status' },
  'orchestrator/status/ack': { kind: 'orchestrator_ack' },
};

/** The inverse of `createTopics`; undefined for a topic that is not ours. */
export function parseTopic(prefix: string, topic: string): ParsedTopic | undefined {
  if (!topic.startsWith(`${prefix}/`)) return undefined;
  const rest = topic.slice(prefix.length + 1);
  const known = fixed[rest];
  if (known !== undefined) return known;
  const [a = '', b = '', c = '', d] = rest.split('/');
  if (rest.split('/').length > 4) return undefined;
  if (a === 'control' && b === 'status') return parseStatusTopic(c, d);
  if (d !== undefined) return undefined;
  if (a === 'status' && b === 'metrics' && c !== '') return { kind: 'metrics', instanceId: c };
  if (a === 'orchestrator' && b === 'marker' && c !== '') return { kind: 'orchestrator_marker' };
  if (c !== '' || b === '') return undefined;
  if (a === 'events') return { kind: 'event', type: b };
  if (a === 'incidents') return { kind: 'incident', incidentId: b };
  if ((a === 'detections' || a === 'rooms') && /^\d{1,7}$/.test(b)) {
    return { kind: a === 'rooms' ? 'room' : 'detections', sourceId: Number(b) };
  }
  return undefined;
}

function parseStatusTopic(level: string, last: string | undefined): ParsedTopic | undefined {
  if (level === '') return undefined;
  if (level === 'metrics') return last ? { kind: 'metrics_report', instanceId: last } : undefined;
  if (last === undefined) return { kind: 'status', instanceId: level };
  return last === 'ack' ? { kind: 'ack', instanceId: level } : undefined;
}
