import { channels } from './channels/channels.ts';
import { filterOf, type TopicRoots, topicOf } from './channels/topic.ts';

/** Returns names and topics of the bridge to Home Assistant. `node` is part of device ids, so that two sites can share a broker. */
export function createHomeAssistantTopics(roots: TopicRoots) {
  const node = `vigilia_${roots.prefix.replace(/[^A-Za-z0-9_-]/g, '_')}`;
  const config = (deviceId: string) => topicOf(channels.homeAssistantConfig, { device_id: deviceId }, roots);
  const roomId = (sourceId: number) => `${node}_room_${sourceId}`;
  return {
    node,
    roomId,
    /** An instance id may contain dots, a device id may not: their codes distinguish replaced characters. */
    processorId: (instanceId: string) =>
      `${node}_processor_${instanceId.replace(/[^A-Za-z0-9-]/g, (sign) => `_${sign.charCodeAt(0).toString(16)}`)}`,
    config,
    configAny: filterOf(channels.homeAssistantConfig, roots),
    /** Returns whether a discovery topic belongs to this site. */
    isOurs: (topic: string) => topic.startsWith(`${roots.discovery}/device/${node}_`) && topic.endsWith('/config'),
    availability: topicOf(channels.homeAssistantAvailability, {}, roots),
    roomState: (sourceId: number) => topicOf(channels.homeAssistantRoom, { source_id: sourceId }, roots),
    roomAttributes: (sourceId: number) => topicOf(channels.homeAssistantAttributes, { source_id: sourceId }, roots),
    roomPicture: (sourceId: number) => topicOf(channels.homeAssistantPicture, { source_id: sourceId }, roots),
    processorState: (instanceId: string) =>
      topicOf(channels.homeAssistantProcessor, { instance_id: instanceId }, roots),
    acknowledge: (sourceId: number) => topicOf(channels.homeAssistantAcknowledge, { source_id: sourceId }, roots),
    acknowledgeAny: filterOf(channels.homeAssistantAcknowledge, roots),
    resolve: (sourceId: number) => topicOf(channels.homeAssistantResolve, { source_id: sourceId }, roots),
    drill: (sourceId: number) => topicOf(channels.homeAssistantDrill, { source_id: sourceId }, roots),
    roomEvent: (sourceId: number) => topicOf(channels.homeAssistantEvent, { source_id: sourceId }, roots),
    birth: topicOf(channels.homeAssistantBirth, {}, roots),
  } as const;
}

export type HomeAssistantTopics = ReturnType<typeof createHomeAssistantTopics>;
