import { randomBytes } from 'node:crypto';
import { type Bus, createBus, createLogger, percentEncodingHint, redactUrl, UsageError } from '@vigilia/service';

/** How a short command reaches the broker. */
export interface ConnectOptions {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly caFile?: string | undefined;
  /** Give up after this long, ms. */
  readonly limitMs?: number;
}

/**
 * Connects with a random client id and a clean session.
 * @throws UsageError `invalid_settings` for an address that is none of a broker, `broker_unreachable`
 */
export async function connect(options: ConnectOptions): Promise<Bus> {
  const { url, username, password, caFile, limitMs = 5000 } = options;
  checkBrokerUrl(url);
  const bus = createBus({
    url,
    clientId: `vigilia-cli-${randomBytes(6).toString('hex')}`,
    logger: createLogger({ logger: 'vigilia.cli', instanceId: 'cli', level: 'silent' }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(caFile === undefined ? {} : { caFile }),
  });
  try {
    await bus.start(AbortSignal.timeout(limitMs));
    return bus;
  } catch (cause) {
    await bus.stop();
    throw brokerUnreachable(url, limitMs / 1000, cause);
  }
}

function checkBrokerUrl(url: string): void {
  if (URL.canParse(url) && /^mqtts?:$/.test(new URL(url).protocol)) return;
  throw new UsageError({
    code: 'invalid_settings',
    message: `--mqtt-url: ${redactUrl(url)} is not the address of a broker, such as mqtt://host:1883.`,
    remedy: percentEncodingHint(url) ?? 'Write mqtt:// or mqtts://, the host and the port.',
  });
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
