/** Every topic of the bridge to Home Assistant. `node` is part of device ids, so that two houses can share a broker. */
export function createHomeAssistantTopics({ prefix, discovery }: { prefix: string; discovery: string }) {
  const base = `${prefix}/home-assistant`;
  const node = `vigilia_${prefix.replace(/[^A-Za-z0-9_-]/g, '_')}`;
  const config = (deviceId: string) => `${discovery}/device/${deviceId}/config`;
  const roomId = (sourceId: number) => `${node}_room_${sourceId}`;
  const press = new RegExp(`^${base.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}/rooms/(\\d{1,7})/acknowledge$`);
  return {
    node,
    roomId,
    /** An id of ours may hold dots, a device id may not: what is replaced is told apart by its bytes. */
    processorId: (instanceId: string) =>
      `${node}_processor_${instanceId.replace(/[^A-Za-z0-9-]/g, (sign) => `_${sign.charCodeAt(0).toString(16)}`)}`,
    config,
    configAny: config('+'),
    /** Whether a discovery topic is one of this house. */
    isOurs: (topic: string) => topic.startsWith(`${discovery}/device/${node}_`) && topic.endsWith('/config'),
    /** Retained, last will `offline`: without the notifier nothing here is current. */
    availability: `${base}/availability`,
    roomState: (sourceId: number) => `${base}/rooms/${sourceId}`,
    processorState: (instanceId: string) => `${base}/processors/${instanceId}`,
    acknowledge: (sourceId: number) => `${base}/rooms/${sourceId}/acknowledge`,
    acknowledgeAny: `${base}/rooms/+/acknowledge`,
    /** The room of a pressed button. */
    pressedRoom: (topic: string): number | undefined => {
      const id = press.exec(topic)?.[1];
      return id === undefined ? undefined : Number(id);
    },
    /** Home Assistant says here that it has started. */
    birth: `${discovery}/status`,
    statesAny: [`${base}/rooms/+`, `${base}/processors/+`],
  } as const;
}

export type HomeAssistantTopics = ReturnType<typeof createHomeAssistantTopics>;
