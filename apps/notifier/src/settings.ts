import {
  brokerTable,
  defineSettings,
  healthTable,
  logTable,
  type SettingsOf,
  setting,
  UsageError,
} from '@vigilia/service';

export const notifierSpec = defineSettings(
  'vigilia notifier',
  'Notifies people outside the system: webhook, ntfy and e-mail on falls and troubles; devices in Home Assistant.',
  {
    alertsFile: {
      flag: '--alerts <file>',
      env: 'ALERTS_FILE',
      schema: setting.text().optional(),
      describe: 'YAML file of targets and rules; without it no alerts are sent',
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
      describe: 'Folder in which sent alerts are remembered',
    },
    ...brokerTable,
    instanceId: {
      flag: '--instance-id <id>',
      env: 'INSTANCE_ID',
      schema: setting.text(),
      default: 'notifier',
      describe: 'Client id of the persistent session: the same at every start',
    },
    ...healthTable,
    ...logTable,
  },
);

export type NotifierSettings = SettingsOf<typeof notifierSpec.table>;

/** @throws UsageError `invalid_settings`: a notifier that notifies no one would look like one that works. */
export function checkPurpose(settings: Pick<NotifierSettings, 'alertsFile' | 'homeAssistant'>): void {
  if (settings.alertsFile !== undefined || settings.homeAssistant) return;
  throw new UsageError({
    code: 'invalid_settings',
    message: 'vigilia notifier: there is no target for alerts.',
    remedy: 'Give --alerts FILE (see deploy/alerts.example.yaml), --home-assistant, or both.',
  });
}
