import { readFileSync } from 'node:fs';
import { type MqttProtocol, UsageError } from '@vigilia/service';
import { type Command, Option } from 'commander';
import type { BrokerConnectOptions } from './connect.ts';

/** Adds the options that every command with a broker has. */
export function withConnection(command: Command): Command {
  return command
    .addOption(
      new Option('--mqtt-url <url>', 'the broker, or several, separated by commas')
        .env('MQTT_URL')
        .default('mqtt://127.0.0.1:1883'),
    )
    .addOption(new Option('--mqtt-username <name>', 'user at the broker').env('MQTT_USERNAME'))
    .addOption(new Option('--mqtt-ca-file <file>', 'certificate of the broker’s own authority').env('MQTT_CA_FILE'))
    .addOption(
      new Option('--mqtt-protocol <version>', 'version of MQTT')
        .env('MQTT_PROTOCOL')
        .choices(['auto', '5', '3.1.1'])
        .default('auto'),
    )
    .addOption(new Option('--topic-prefix <prefix>', 'first part of every topic').env('TOPIC_PREFIX').default('nvr'))
    .option('--json', 'machine-readable output');
}

export interface ConnectionFlags {
  readonly mqttUrl: string;
  readonly mqttUsername?: string;
  readonly mqttCaFile?: string;
  readonly mqttProtocol?: MqttProtocol;
  readonly topicPrefix: string;
  readonly json?: boolean;
}

/**
 * The password comes from MQTT_PASSWORD or the file that MQTT_PASSWORD_FILE names, never from a flag: flags are visible to
 * every user of the machine.
 * @throws UsageError when the file cannot be read.
 */
export function connectionOf(flags: ConnectionFlags, env: NodeJS.ProcessEnv): BrokerConnectOptions {
  return {
    url: flags.mqttUrl,
    username: flags.mqttUsername,
    caFile: flags.mqttCaFile,
    topicPrefix: flags.topicPrefix,
    protocol: flags.mqttProtocol,
    password: env.MQTT_PASSWORD ?? passwordFrom(env.MQTT_PASSWORD_FILE),
  };
}

function passwordFrom(file: string | undefined): string | undefined {
  if (file === undefined || file === '') return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new UsageError({
      code: 'invalid_settings',
      message: 'MQTT_PASSWORD_FILE names a file that cannot be read.',
      cause,
    });
  }
}
