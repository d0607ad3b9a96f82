import { modelIdSchema } from '@vigilia/protocol';
import { defineSettings, type SettingsOf, setting } from '@vigilia/service';

/** Settings of `vigilia start`: without any of them, the demonstration. */
export const startSettings = defineSettings(
  'vigilia start',
  'Starts all services on this machine: broker, processors, orchestrator, event sink. Without cameras of your own: the demo.',
  {
    once: {
      flag: '--once',
      schema: setting.boolean(),
      default: false,
      describe: 'Go once through the story of a fall, acknowledge by itself, and end',
    },
    json: {
      flag: '--json',
      schema: setting.boolean(),
      default: false,
      describe: 'The timeline as one JSON object per line',
    },
    streamServer: {
      flag: '--stream-server <url>',
      env: 'STREAM_SERVER',
      schema: setting.url('rtsp', 'rtsps', 'http', 'https', 'file').optional(),
      describe: 'Where your cameras are: room 3 is <url>/3. Default: the rooms of the demonstration',
    },
    rooms: {
      flag: '--rooms <list>',
      schema: setting.text().optional(),
      describe: 'Rooms to watch, such as 0-7 or 0,1,5',
    },
    model: { flag: '--model <id>', schema: modelIdSchema.optional(), describe: 'Model for quiet times' },
    preciseModel: {
      flag: '--precise-model <id>',
      schema: modelIdSchema.optional(),
      describe: 'Model for the room of a fall',
    },
    modelsDir: {
      flag: '--models-dir <dir>',
      env: 'MODELS_DIR',
      schema: setting.text().optional(),
      describe: 'Folder of <id>.onnx files',
    },
    maxFps: {
      flag: '--max-fps <fps>',
      schema: setting.number({ min: 0.01, max: 30 }),
      default: 0.1,
      describe: 'Analysed frames per second in quiet times',
    },
    mqttUrl: {
      flag: '--mqtt-url <url>',
      env: 'MQTT_URL',
      schema: setting.brokers().optional(),
      describe:
        'A broker of your own, or several, separated by commas. Default: one is started here, for this machine only',
    },
    port: {
      flag: '--port <port>',
      schema: setting.port(),
      default: 1883,
      describe: 'Port of the broker that is started here',
    },
    alerts: {
      flag: '--alerts <file>',
      env: 'ALERTS_FILE',
      schema: setting.text().optional(),
      describe: 'Alert people of falls: the file of targets and rules (docs/alerts.md)',
    },
    homeAssistant: {
      flag: '--home-assistant',
      env: 'HOME_ASSISTANT',
      schema: setting.boolean(),
      default: false,
      describe: 'Show rooms and processors in Home Assistant (docs/home-assistant.md)',
    },
    consolePort: {
      flag: '--console-port <port>',
      schema: setting.port(),
      default: 8080,
      describe: 'Port of the web page, for this machine only',
    },
    dataDir: {
      flag: '--data-dir <dir>',
      schema: setting.text(),
      default: '.vigilia',
      describe: 'Logs, events and state go here',
    },
  },
);

export type StartSettings = SettingsOf<typeof startSettings.table>;
