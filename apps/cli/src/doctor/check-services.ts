import type { Finding } from '@vigilia/protocol';
import { examine, percentEncodingHint, within } from '@vigilia/service';
import type { BrokerConnectOptions } from '../client/connect.ts';
import { connect } from '../client/connect.ts';

/** The broker: reachable with these credentials, and which MQTT it speaks. */
export function checkBroker(options: BrokerConnectOptions): Promise<Finding> {
  return examine('broker', 'Start the broker, or name it with --mqtt-url.', async () => {
    const bus = await connect(options);
    const version = bus.bus.protocolVersion === 5 ? '5' : '3.1.1';
    await bus.bus.stop();
    return { check: 'broker', result: 'ok', detail: `${new URL(options.url).host} answers, MQTT ${version}` };
  });
}

const unreachable = 'Check ELASTICSEARCH_URL and that the node runs.';

/** @param url as the sink gets it; credentials in it are neither sent nor shown */
export function checkElasticsearch(url: string | undefined): Promise<Finding> {
  const check = 'elasticsearch';
  return examine(check, 'Give ELASTICSEARCH_URL as http(s)://host:9200.', async () => {
    if (url === undefined) return { check, result: 'skipped', detail: 'not configured: events go to files' };
    if (!URL.canParse(url))
      return {
        check,
        result: 'failed',
        code: 'elasticsearch_address_invalid',
        detail: 'the address is not a URL',
        remedy: remedyFor(url),
      };
    const { origin, host, pathname, protocol } = new URL(url);
    if (!/^https?:$/.test(protocol)) throw new Error('the address is not an http or https address');
    // 401 is an answer too: the sink checks the credentials itself and reports what is wrong with them.
    const status = await answerOf(`${origin}${pathname}`);
    if (typeof status === 'string')
      return {
        check,
        result: 'failed',
        code: 'elasticsearch_unreachable',
        detail: `${host} does not answer: ${status}`,
        remedy: unreachable,
      };
    const detail = `${host} answers (HTTP ${status})`;
    if (status < 500) return { check, result: 'ok', detail };
    return {
      check,
      result: 'failed',
      code: 'elasticsearch_failed',
      detail,
      remedy: 'Look into the log of the node.',
    };
  });
}

function remedyFor(url: string): string {
  return ['Give ELASTICSEARCH_URL as http(s)://host:9200.', percentEncodingHint(url)].filter(Boolean).join(' ');
}

const answerMs = 5000;

/** The HTTP status, or in words why there is none. */
async function answerOf(address: string): Promise<number | string> {
  using limit = within(answerMs);
  try {
    return (await fetch(address, { signal: limit.signal })).status;
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
    if (limit.passed) return `nothing came within ${answerMs / 1000} s`;
    return cause?.code ?? cause?.message ?? message;
  }
}
