import { defineSettings, type SettingsOf, setting, UsageError } from '@vigilia/service';

export const notifierSpec = defineSettings(
  'vigilia notifier',
  'Tells people outside the house: webhook, ntfy and e-mail on falls and troubles; devices in Home Assistant.',
  {
    alertsFile: {
      flag: '--alerts <file>',
      env: 'ALERTS_FILE',
      schema: setting.text().optional(),
      describe: 'YAML file of targets and rules; without it nobody is told',
    },
    homeAssistant: {
      flag: '--home-assistant',
      env: 'HOME_ASSISTANT',
      schema: setting.boolean(),
      default: false,
      describe: 'Show rooms and processors in Home Assistant through MQTT discovery',
    },
    discoveryPrefix: {
      flag: '--discovery-prefix <prefix>',
      env: 'HOME_ASSISTANT_PREFIX',
      schema: setting.text(),
      default: 'homeassistant',
      describe: 'First level of Home Assistant’s discovery topics',
    },
    language: {
      flag: '--language <language>',
      env: 'NOTIFIER_LANGUAGE',
      schema: setting.oneOf('en', 'es').optional(),
      describe: 'Names in Home Assistant: en or es; otherwise as in the alerts file',
    },
    stateDir: {
      flag: '--state-dir <folder>',
      env: 'STATE_DIR',
      schema: setting.text(),
      default: './vigilia-notifier',
      describe: 'What was sent to whom is remembered here',
    },
    mqttUrl: {
      flag: '--mqtt-url <url>',
      env: 'MQTT_URL',
      schema: setting.url('mqtt', 'mqtts'),
      default: 'mqtt://localhost:1883',
      describe: 'Broker',
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
    topicPrefix: {
      flag: '--topic-prefix <prefix>',
      env: 'TOPIC_PREFIX',
      schema: setting.text(),
      default: 'nvr',
      describe: 'First level of every topic',
    },
    instanceId: {
      flag: '--instance-id <id>',
      env: 'INSTANCE_ID',
      schema: setting.text(),
      default: 'notifier',
      describe: 'Client id of the persistent session: the same at every start',
    },
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
    logLevel: {
      flag: '--log-level <level>',
      env: 'LOG_LEVEL',
      schema: setting.oneOf('debug', 'info', 'warn', 'error'),
      default: 'info',
      describe: 'Level of this service’s log',
    },
  },
);

export type NotifierSettings = SettingsOf<typeof notifierSpec.table>;

/** @throws UsageError `invalid_settings`: a notifier that tells nobody would look like one that works. */
export function checkPurpose(settings: Pick<NotifierSettings, 'alertsFile' | 'homeAssistant'>): void {
  if (settings.alertsFile !== undefined || settings.homeAssistant) return;
  throw new UsageError({
    code: 'invalid_settings',
    message: 'vigilia notifier: there is nobody to tell.',
    remedy: 'Give --alerts FILE (see deploy/alerts.example.yaml), --home-assistant, or both.',
  });
}
