import type { ConnectOptions } from '../client/connect.ts';
import { connect } from '../client/connect.ts';
import { examine, type Finding } from './finding.ts';

/** The broker: reachable with these credentials, and which MQTT it speaks. */
export function checkBroker(options: ConnectOptions): Promise<Finding> {
  return examine('broker', 'Start the broker, or name it with --mqtt-url.', async () => {
    const bus = await connect(options);
    const version = bus.protocolVersion === 5 ? '5' : '3.1.1';
    await bus.stop();
    return { check: 'broker', result: 'ok', detail: `${new URL(options.url).host} answers, MQTT ${version}` };
  });
}

export function checkElasticsearch(url: string | undefined): Promise<Finding> {
  return examine('elasticsearch', 'Check ELASTICSEARCH_URL and that the node runs.', async () => {
    if (url === undefined)
      return { check: 'elasticsearch', result: 'skipped', detail: 'not configured: events go to files' };
    const answer = await fetch(new URL('/', url), { signal: AbortSignal.timeout(5000) });
    // 401 is an answer too: credentials are the sink's own matter ("vigilia event-sink" says what is wrong with them).
    const detail = `${new URL(url).host} answers (HTTP ${answer.status})`;
    if (answer.status < 500) return { check: 'elasticsearch', result: 'ok', detail };
    return { check: 'elasticsearch', result: 'failed', detail, remedy: 'Look into the log of the node.' };
  });
}
