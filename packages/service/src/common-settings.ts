import { setting } from './setting-schemas.ts';

/** First level of every topic unless set otherwise. */
export const DEFAULT_TOPIC_PREFIX = 'nvr';

/** Settings of every service that talks to the broker. Its credentials come from the environment only. */
export const brokerTable = {
  mqttUrl: {
    flag: '--mqtt-url <url>',
    env: 'MQTT_URL',
    schema: setting.brokers(),
    default: 'mqtt://localhost:1883',
    describe: 'Broker; several addresses, separated by commas, in the order of preference',
  },
  mqttUsername: { env: 'MQTT_USERNAME', schema: setting.text().optional(), describe: 'User name at the broker' },
  mqttPassword: {
    env: 'MQTT_PASSWORD',
    schema: setting.text().optional(),
    secret: true,
    describe: 'Password at the broker',
  },
  mqttCaFile: {
    env: 'MQTT_CA_FILE',
    schema: setting.text().optional(),
    describe: 'PEM file of the authority that signed the broker’s certificate',
  },
  mqttProtocol: {
    env: 'MQTT_PROTOCOL',
    schema: setting.oneOf('auto', '5', '3.1.1'),
    default: 'auto',
    describe: 'Version of MQTT: auto tries 5 and falls back to 3.1.1',
  },
  mqttMaxPacketBytes: {
    env: 'MQTT_MAX_PACKET_BYTES',
    schema: setting.integer({ min: 1024, max: 268_435_460 }).optional(),
    describe: 'Largest message to send; 1048576 where the broker (MQTT 5) announces no limit',
  },
  topicPrefix: {
    flag: '--topic-prefix <prefix>',
    env: 'TOPIC_PREFIX',
    schema: setting.text(),
    default: DEFAULT_TOPIC_PREFIX,
    describe: 'First level of every topic',
  },
} as const;

/** Settings of the health and metrics server that every service has. */
export const healthTable = {
  healthHost: {
    flag: '--health-host <host>',
    env: 'HEALTH_HOST',
    schema: setting.text(),
    default: '127.0.0.1',
    describe: 'Address of the health server',
  },
  healthPort: {
    flag: '--health-port <port>',
    env: 'HEALTH_PORT',
    schema: setting.port().optional(),
    describe: 'Port of /healthz, /readyz and /metrics; off when not given',
  },
} as const;

/** The level of the log, of every service and of its one-shot commands. */
export const logTable = {
  logLevel: {
    flag: '--log-level <level>',
    env: 'LOG_LEVEL',
    schema: setting.oneOf('debug', 'info', 'warn', 'error'),
    default: 'info',
    describe: 'Level of the log',
  },
} as const;
