import { channels } from './channels/channels.ts';
import { filterOf, type TopicRoots, topicOf } from './channels/topic.ts';

/** Returns every topic and filter of a site by name, built from the table of channels. */
export function createTopics(prefix = 'nvr', discovery = 'homeassistant') {
  const roots: TopicRoots = { prefix, discovery };
  return {
    prefix,
    roots,
    commands: topicOf(channels.commands, {}, roots),
    statusShared: topicOf(channels.statusShared, {}, roots),
    status: (instanceId: string) => topicOf(channels.status, { instance_id: instanceId }, roots),
    statusAny: filterOf(channels.status, roots),
    ackShared: topicOf(channels.ackShared, {}, roots),
    ack: (instanceId: string) => topicOf(channels.ack, { instance_id: instanceId }, roots),
    ackAny: filterOf(channels.ack, roots),
    metricsReport: (instanceId: string) => topicOf(channels.metricsReport, { instance_id: instanceId }, roots),
    metrics: (instanceId: string) => topicOf(channels.metrics, { instance_id: instanceId }, roots),
    metricsAny: filterOf(channels.metrics, roots),
    model: (modelId: string) => topicOf(channels.model, { model_id: modelId }, roots),
    detections: (sourceId: number) => topicOf(channels.detections, { source_id: sourceId }, roots),
    detectionsAny: filterOf(channels.detections, roots),
    room: (sourceId: number) => topicOf(channels.room, { source_id: sourceId }, roots),
    roomAny: filterOf(channels.room, roots),
    event: (type: string) => topicOf(channels.event, { type }, roots),
    eventAny: filterOf(channels.event, roots),
    incident: (incidentId: string) => topicOf(channels.incident, { incident_id: incidentId }, roots),
    incidentAny: filterOf(channels.incident, roots),
    alert: (incidentId: string) => topicOf(channels.alert, { incident_id: incidentId }, roots),
    alertAny: filterOf(channels.alert, roots),
    orchestratorRooms: topicOf(channels.orchestratorRooms, {}, roots),
    orchestratorPolicy: topicOf(channels.orchestratorPolicy, {}, roots),
    alarmFigures: topicOf(channels.alarmFigures, {}, roots),
    orchestratorCommands: topicOf(channels.orchestratorCommands, {}, roots),
    orchestratorStatus: topicOf(channels.orchestratorStatus, {}, roots),
    orchestratorAck: topicOf(channels.orchestratorAck, {}, roots),
    leaderPresence: topicOf(channels.leaderPresence, {}, roots),
    recordsState: (instanceId: string) => topicOf(channels.recordsState, { instance_id: instanceId }, roots),
    orchestratorMarker: (bootId: string) => topicOf(channels.orchestratorMarker, { boot_id: bootId }, roots),
    all: `${prefix}/#`,
    snapshot: (sourceId: number) => topicOf(channels.snapshot, { source_id: sourceId }, roots),
    snapshotAny: filterOf(channels.snapshot, roots),
    replay: (incidentId: string) => topicOf(channels.replay, { incident_id: incidentId }, roots),
    pushSettings: topicOf(channels.pushSettings, {}, roots),
    pushSubscription: (subscriptionId: string) =>
      topicOf(channels.pushSubscription, { subscription_id: subscriptionId }, roots),
    pushSubscriptionAny: filterOf(channels.pushSubscription, roots),
    onMyWayRequest: topicOf(channels.onMyWayRequest, {}, roots),
    onMyWayAnswer: topicOf(channels.onMyWayAnswer, {}, roots),
  } as const;
}

export type Topics = ReturnType<typeof createTopics>;

/**
 * Returns whether an answer may go to this response topic: below `{prefix}/replies/` or outside the prefix, never a wildcard, and
 * never a topic that some channel of the site reads.
 */
export function mayReplyTo(topic: string, { prefix, discovery }: TopicRoots): boolean {
  if (topic === '' || topic.length > 512 || /[+#\0]/.test(topic) || topic.startsWith('$')) return false;
  if (topic.startsWith(`${prefix}/replies/`)) return true;
  const inside = [
    prefix,
    `${prefix}-pictures`,
    `${prefix}-replays`,
    `${prefix}-clips`,
    `${prefix}-push`,
    `${prefix}-on-my-way`,
    discovery,
  ].some((root) => topic === root || topic.startsWith(`${root}/`));
  return !inside;
}
