import { readFileSync } from 'node:fs';
import { Client } from '@elastic/elasticsearch';
import { UsageError } from '@vigilia/service';
import type { ElasticsearchSettings } from '../settings/elasticsearch-settings.ts';
import { checkServer } from './server-version.ts';

type ClientOptions = ConstructorParameters<typeof Client>[0];

/** The official client as it is used here: no retries of its own (they do not see single items), no sniffing. */
export type ElasticsearchClient = Client;

/** What the output needs of it. */
export interface BulkSender {
  /**
   * @param operations action and body lines, in turn, as JSON text
   * @throws the client's errors; the signal ends the request
   */
  bulk(operations: readonly string[], signal: AbortSignal): Promise<unknown>;
  /** @throws UnsupportedServerError, the client's errors */
  checkServer(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export function bulkSender(client: ElasticsearchClient): BulkSender {
  return {
    bulk: (operations, signal) =>
      client.bulk(
        {
          operations: [...operations],
          // without templates a plain index of that name would be made, and stand in the way of the data stream for ever
          require_data_stream: true,
          filter_path: ['errors', 'items.*.status', 'items.*.error', 'items.*.failure_store'],
        },
        { signal },
      ),
    checkServer: (signal) => checkServer(client, signal),
    close: () => client.close(),
  };
}

/** @throws UsageError `ca_file_unreadable`; nothing is sent yet. */
export function createClient(settings: ElasticsearchSettings): ElasticsearchClient {
  const options: ClientOptions = { maxRetries: 0, requestTimeout: settings.requestTimeoutMs, enableMetaHeader: false };
  if (settings.cloudId !== undefined) {
    options.cloud = { id: settings.cloudId };
  } else if (settings.elasticsearchUrl !== undefined) {
    options.node = settings.elasticsearchUrl;
  }
  if (settings.apiKey !== undefined) {
    options.auth = { apiKey: settings.apiKey };
  } else if (settings.username !== undefined && settings.password !== undefined) {
    options.auth = { username: settings.username, password: settings.password };
  }
  if (settings.caFile !== undefined) {
    options.tls = { ca: readCa(settings.caFile) };
  }
  return new Client(options);
}

function readCa(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'error';
    throw new UsageError({
      code: 'ca_file_unreadable',
      message: `The file of ELASTICSEARCH_CA_FILE (or --elasticsearch-ca) cannot be read (${why}).`,
      remedy: 'Give the PEM file of the authority that signed the certificate.',
      cause,
    });
  }
}
