import { z } from 'zod';

// Home Assistant's own rules for device discovery, written down strictly: what it ignores is refused here.
// Sources: www.home-assistant.io/integrations/mqtt (device discovery payload), …/binary_sensor.mqtt, …/button.mqtt, …/event.mqtt, and
// home-assistant/core homeassistant/components/mqtt/schemas.py (DEVICE_DISCOVERY_SCHEMA), binary_sensor.py, sensor.py, button.py, event.py.

const publishTopic = z.string().regex(/^[^#+]+$/);
const subscribeTopic = z.string().min(1);
const qos = z.union([z.literal(0), z.literal(1), z.literal(2)]);
const common = {
  unique_id: z.string().min(1),
  name: z.string().min(1).nullable().optional(),
  entity_category: z.enum(['config', 'diagnostic']).optional(),
  enabled_by_default: z.boolean().optional(),
  icon: z.string().optional(),
  qos: qos.optional(),
  json_attributes_topic: subscribeTopic.optional(),
  json_attributes_template: z.string().optional(),
};

const binarySensor = z.strictObject({
  platform: z.literal('binary_sensor'),
  state_topic: subscribeTopic.optional(),
  device_class: z.enum(['safety', 'occupancy', 'problem', 'running', 'connectivity', 'motion', 'presence']).optional(),
  payload_on: z.string().optional(),
  payload_off: z.string().optional(),
  value_template: z.string().optional(),
  expire_after: z.int().positive().optional(),
  off_delay: z.int().positive().optional(),
  force_update: z.boolean().optional(),
  ...common,
});
const sensor = z.strictObject({
  platform: z.literal('sensor'),
  state_topic: subscribeTopic.optional(),
  value_template: z.string().optional(),
  expire_after: z.int().positive().optional(),
  ...common,
});
const button = z.strictObject({
  platform: z.literal('button'),
  command_topic: publishTopic,
  device_class: z.enum(['identify', 'restart', 'update']).optional(),
  payload_press: z.string().optional(),
  retain: z.boolean().optional(),
  ...common,
});

const event = z.strictObject({
  platform: z.literal('event'),
  state_topic: subscribeTopic,
  event_types: z.array(z.string().min(1)).min(1),
  device_class: z.enum(['button', 'doorbell', 'motion']).optional(),
  value_template: z.string().optional(),
  ...common,
});

const image = z
  .strictObject({
    platform: z.literal('image'),
    image_topic: subscribeTopic.optional(),
    image_encoding: z.literal('b64').optional(),
    content_type: z.string().optional(),
    url_topic: subscribeTopic.optional(),
    ...common,
  })
  .refine(({ image_topic, url_topic }) => (image_topic === undefined) !== (url_topic === undefined));

/** What an event entity takes from its state topic: any other type is logged by Home Assistant and dropped. */
export const eventPayloadSchema = z.looseObject({ event_type: z.string().min(1) });

/** `homeassistant/device/<id>/config`. */
export const deviceDiscoverySchema = z.strictObject({
  device: z
    .strictObject({
      identifiers: z.array(z.string()).optional(),
      connections: z.array(z.tuple([z.string(), z.string()])).optional(),
      name: z.string().optional(),
      manufacturer: z.string().optional(),
      model: z.string().optional(),
      sw_version: z.string().optional(),
      suggested_area: z.string().optional(),
      configuration_url: z
        .string()
        .regex(/^(https?|homeassistant):\/\/./)
        .optional(),
    })
    .refine(({ identifiers = [], connections = [] }) => identifiers.length + connections.length > 0),
  origin: z.strictObject({ name: z.string(), sw_version: z.string().optional(), support_url: z.url().optional() }),
  components: z.record(z.string(), z.discriminatedUnion('platform', [binarySensor, sensor, button, event, image])),
  availability: z.array(
    z.strictObject({
      topic: subscribeTopic,
      payload_available: z.string().optional(),
      payload_not_available: z.string().optional(),
      value_template: z.string().optional(),
    }),
  ),
  availability_mode: z.enum(['all', 'any', 'latest']).optional(),
  state_topic: subscribeTopic.optional(),
  command_topic: publishTopic.optional(),
  qos: qos.optional(),
  encoding: z.string().optional(),
});

/** The last level but one of a discovery topic. */
export const objectIdPattern = /^[A-Za-z0-9_-]+$/;
