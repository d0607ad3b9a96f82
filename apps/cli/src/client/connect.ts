import { randomBytes } from 'node:crypto';
import {
  type Bus,
  clientIdFor,
  createBus,
  createLogger,
  DEFAULT_TOPIC_PREFIX,
  type MqttProtocol,
  UsageError,
} from '@vigilia/service';

/** How a short command reaches the broker. */
export interface ConnectOptions {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly caFile?: string | undefined;
  /** `nvr` by default; only the client id depends on it. */
  readonly topicPrefix?: string | undefined;
  readonly protocol?: MqttProtocol | undefined;
  /** Give up after this long, ms. */
  readonly limitMs?: number;
}

/**
 * Connects with a random client id and a clean session.
 * @throws UsageError `broker_unreachable`
 */
export async function connect(options: ConnectOptions): Promise<Bus> {
  const { url, username, password, caFile, protocol = 'auto', limitMs = 5000 } = options;
  const bus = createBus({
    url,
    clientId: clientIdFor(options.topicPrefix ?? DEFAULT_TOPIC_PREFIX, `vigilia-cli-${randomBytes(6).toString('hex')}`),
    protocol,
    logger: createLogger({ logger: 'vigilia.cli', instanceId: 'cli', level: 'silent' }),
    username,
    password,
    caFile,
  });
  try {
    await bus.start(AbortSignal.timeout(limitMs));
    return bus;
  } catch (cause) {
    await bus.stop();
    throw brokerUnreachable(url, limitMs / 1000, cause);
  }
}

/** The sentence for a broker that did not answer; the address is told without its credentials. */
export function brokerUnreachable(url: string, seconds: number, cause: unknown): UsageError {
  return new UsageError({
    code: 'broker_unreachable',
    message: `No connection to the broker at ${new URL(url).host} within ${seconds} s.`,
    remedy: 'Check that it runs and that --mqtt-url, MQTT_USERNAME and MQTT_PASSWORD_FILE are right.',
    cause,
  });
}
