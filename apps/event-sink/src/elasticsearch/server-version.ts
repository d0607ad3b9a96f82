import type { Client } from '@elastic/elasticsearch';
import { asRecord, asText } from '../schema/json-fields.ts';

/** The oldest major version that reads the requests of the client library (`compatible-with=9`). */
const OLDEST_MAJOR = 9;

/** The server at the configured address is too old for this sink. */
export class UnsupportedServerError extends Error {
  readonly code = 'elasticsearch_unsupported';
  readonly version: string;

  constructor(version: string) {
    super(
      `The server at the configured address is Elasticsearch ${version}; the event sink needs ${OLDEST_MAJOR}.0 or later. Upgrade Elasticsearch; until then documents wait in the spool.`,
    );
    this.version = version;
  }
}

/**
 * Checks that the server is recent enough. Asks in plain JSON, because an older server rejects the media type of every other request
 * (`media_type_header_exception`) and would not name its version. A server that does not report a version passes.
 * @throws UnsupportedServerError, the client's errors
 */
export async function checkServer(client: Client, signal?: AbortSignal): Promise<void> {
  const headers = { accept: 'application/json' };
  const options = signal === undefined ? { headers } : { headers, signal };
  const info: unknown = await client.transport.request({ method: 'GET', path: '/' }, options);
  const version = asText(asRecord(asRecord(info)?.version)?.number);
  if (version !== undefined && Number.parseInt(version, 10) < OLDEST_MAJOR) throw new UnsupportedServerError(version);
}
