import { createTopics } from '@vigilia/protocol';
import type { Bus, BusOptions } from './bus.ts';
import { DEFAULT_TOPIC_PREFIX } from './common-settings.ts';
import type { Check } from './http.ts';

/** The values of `brokerTable`. */
export interface BrokerSettings {
  /** One address or several, separated by commas, in the order of preference. */
  readonly mqttUrl: string;
  readonly mqttUsername?: string | undefined;
  readonly mqttPassword?: string | undefined;
  readonly mqttCaFile?: string | undefined;
  readonly mqttProtocol: 'auto' | '5' | '3.1.1';
  readonly mqttMaxPacketBytes?: number | undefined;
  readonly topicPrefix: string;
}

/**
 * Returns the MQTT client id of an instance: its name, with the topic prefix in front where that is not the default one. Sites
 * that share a broker and differ in their prefix must not share client ids. Slashes become dots, because Mosquitto refuses
 * access rules by client id (`%c`) to ids that contain them.
 */
export function clientIdFor(topicPrefix: string, instanceId: string): string {
  return topicPrefix === DEFAULT_TOPIC_PREFIX ? instanceId : `${topicPrefix.replaceAll('/', '.')}-${instanceId}`;
}

/** Returns the options of a connection that come from the settings. */
export function brokerOptions(
  settings: BrokerSettings,
  instanceId: string,
): Pick<
  BusOptions,
  'url' | 'leaderTopic' | 'clientId' | 'username' | 'password' | 'caFile' | 'protocol' | 'maxPacketBytes'
> {
  return {
    url: settings.mqttUrl,
    leaderTopic: createTopics(settings.topicPrefix).leaderPresence,
    clientId: clientIdFor(settings.topicPrefix, instanceId),
    username: settings.mqttUsername,
    password: settings.mqttPassword,
    caFile: settings.mqttCaFile,
    protocol: settings.mqttProtocol,
    maxPacketBytes: settings.mqttMaxPacketBytes,
  };
}

/**
 * Returns the broker's part of `/readyz`: not ok before there is a connection, without one, or while the broker refuses publishes
 * or subscriptions.
 */
export function brokerCheck(...buses: readonly Pick<Bus, 'health'>[]): Check {
  const all = buses.map((bus) => bus.health());
  return {
    ok: all.length > 0 && all.every((health) => health.ok),
    mqtt_connected: all.length > 0 && all.every((health) => health.connected),
    mqtt_broker: all[0]?.broker,
    mqtt_orchestrator_here: all.every((health) => health.leaderIsHere),
    mqtt_refused_topics: all.flatMap((health) => health.refusedTopics),
    mqtt_refused_subscriptions: all.flatMap((health) => health.refusedSubscriptions),
  };
}
