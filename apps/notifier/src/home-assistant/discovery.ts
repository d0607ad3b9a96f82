import type { HomeAssistantTopics } from '@vigilia/protocol';
import { version } from '@vigilia/service';
import type { Language } from '../config/alerts-schema.ts';
import type { ReplayPicture } from '../pictures/replay-pictures.ts';

/** A binary sensor’s value; `None` is unknown. Source: home-assistant.io/integrations/binary_sensor.mqtt. */
export type Value = 'ON' | 'OFF' | 'None';

export interface ShowOptions {
  readonly topics: HomeAssistantTopics;
  readonly language: Language;
  readonly nowMs: number;
  /** The picture of the last fall of an open incident, where it was drawn. */
  readonly pictureOf?: ((incidentId: string) => ReplayPicture | undefined) | undefined;
  /** Where the console is, for the link of a device to its page. */
  readonly consoleUrl?: string | undefined;
}

interface DeviceNames {
  readonly name: string;
  readonly model: string;
  /** The page of the console about it. */
  readonly address: string | undefined;
}

/** Returns what every device has in common. */
export function shared(id: string, { name, model, address }: DeviceNames, topics: HomeAssistantTopics) {
  const device = { identifiers: [id], name, manufacturer: 'Vigilia', model, sw_version: version };
  return {
    device: address === undefined ? device : { ...device, configuration_url: address },
    origin: { name: 'Vigilia', sw_version: version },
    availability: [{ topic: topics.availability, payload_available: 'online', payload_not_available: 'offline' }],
    qos: 1,
  };
}

/** Returns a binary sensor that reads its key of the device's state. */
export function sensor(id: string, key: string, name: string, deviceClass: string): Record<string, unknown> {
  return {
    platform: 'binary_sensor',
    unique_id: `${id}_${key}`,
    name,
    device_class: deviceClass,
    value_template: `{{ value_json.${key} }}`,
    payload_on: 'ON',
    payload_off: 'OFF',
  };
}

/** Returns the payload of a binary sensor. */
export function onOff(value: boolean): Value {
  return value ? 'ON' : 'OFF';
}
