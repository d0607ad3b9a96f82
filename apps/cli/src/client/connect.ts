import { randomBytes } from 'node:crypto';
import { createTopics } from '@vigilia/protocol';
import {
  brokerAddresses,
  ChannelBus,
  clientIdFor,
  createBus,
  createLogger,
  DEFAULT_TOPIC_PREFIX,
  isBrokerList,
  type MqttProtocol,
  percentEncodingHint,
  redactUrl,
  systemClock,
  UsageError,
  within,
} from '@vigilia/service';

/** How a short command reaches the broker. */
export interface BrokerConnectOptions {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly caFile?: string | undefined;
  /** `nvr` by default. */
  readonly topicPrefix?: string | undefined;
  readonly protocol?: MqttProtocol | undefined;
  /** Give up after this long, ms. */
  readonly limitMs?: number;
}

/**
 * Connects with a random client id and a clean session.
 * @throws UsageError `invalid_settings` for an address that is not one of a broker, `broker_unreachable`
 */
export async function connect(options: BrokerConnectOptions): Promise<ChannelBus> {
  const { url, username, password, caFile, protocol = 'auto', limitMs = 5000 } = options;
  const prefix = options.topicPrefix ?? DEFAULT_TOPIC_PREFIX;
  const logger = createLogger({ logger: 'vigilia.cli', instanceId: 'cli', level: 'silent' });
  checkBrokerUrl(url);
  const bus = createBus({
    url,
    leaderTopic: createTopics(prefix).leaderPresence,
    clientId: clientIdFor(prefix, `vigilia-cli-${randomBytes(6).toString('hex')}`),
    protocol,
    logger,
    username,
    password,
    caFile,
  });
  try {
    using limit = within(limitMs);
    await bus.start(limit.signal);
    return new ChannelBus({ bus, roots: createTopics(prefix).roots, logger, clock: systemClock });
  } catch (cause) {
    await bus.stop();
    throw brokerUnreachable(url, limitMs / 1000, cause);
  }
}

function checkBrokerUrl(url: string): void {
  if (isBrokerList(url)) return;
  throw new UsageError({
    code: 'invalid_settings',
    message: `--mqtt-url: ${redactUrl(url)} is not the address of a broker, such as mqtt://host:1883, or several, separated by commas.`,
    remedy: percentEncodingHint(url) ?? 'Write mqtt:// or mqtts://, the host and the port.',
  });
}

/** Returns the error for a broker that did not answer; its address is shown without credentials. */
export function brokerUnreachable(url: string, seconds: number, cause: unknown): UsageError {
  return new UsageError({
    code: 'broker_unreachable',
    message: `No connection to the broker at ${hostsOf(url)} within ${seconds} s.`,
    remedy: 'Check that it runs and that --mqtt-url, MQTT_USERNAME and MQTT_PASSWORD_FILE are right.',
    cause,
  });
}

function hostsOf(url: string): string {
  return brokerAddresses(url)
    .map((address) => new URL(address).host)
    .join(', ');
}
