/**
 * The two one-shots of compose.yml, for an Elasticsearch with security on and no users yet:
 *   bootstrap.mjs password FILE           makes the password of the user `elastic`, once
 *   bootstrap.mjs users PASSWORD_FILE OUT sets Kibana's password and makes the sink's API key, each written where only its reader finds it
 * Both may run again at every start.
 */
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const WAIT_MS = 180_000;

/** What the sink may: add documents to its own data streams, and let them come into being. Neither read nor change nor delete. */
export const SINK_ROLE = {
  vigilia_sink: {
    cluster: ['monitor'],
    indices: [{ names: ['logs-vigilia.*-*', 'metrics-vigilia-*'], privileges: ['create_doc', 'auto_configure'] }],
  },
};

/** Makes a password file that only its owner can read; one that is there stays. */
export function makePassword(file) {
  if (existsSync(file)) return;
  keep(file, randomBytes(24).toString('base64url'));
}

/** @param url of Elasticsearch; @param out gets `sink/api-key` and `kibana/kibana.yml` */
export async function makeUsers({ url, password, out, waitMs = WAIT_MS }) {
  const ask = requester(url, password);
  await untilThere(ask, waitMs);
  const kibana = join(out, 'kibana', 'kibana.yml');
  if (!existsSync(kibana)) {
    const kibanaPassword = randomBytes(24).toString('base64url');
    await ask('POST', '/_security/user/kibana_system/_password', { password: kibanaPassword });
    keep(kibana, kibanaConfiguration(url, kibanaPassword));
  }
  const apiKey = join(out, 'sink', 'api-key');
  if (!existsSync(apiKey)) {
    const { encoded } = await ask('POST', '/_security/api_key', {
      name: 'vigilia-event-sink',
      role_descriptors: SINK_ROLE,
    });
    keep(apiKey, encoded);
  }
}

function kibanaConfiguration(url, password) {
  const settings = {
    'server.host': '0.0.0.0',
    'elasticsearch.hosts': [url],
    'elasticsearch.username': 'kibana_system',
    'elasticsearch.password': password,
    'telemetry.enabled': false,
    'xpack.encryptedSavedObjects.encryptionKey': randomBytes(24).toString('hex'),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('');
}

function keep(file, text) {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
  // new volumes are root's; Elasticsearch, Kibana and the sink all run as 1000
  if (process.getuid() === 0 && process.env.SECRET_OWNER) {
    chownSync(file, Number(process.env.SECRET_OWNER), Number(process.env.SECRET_OWNER));
  }
}

function requester(url, password) {
  const authorization = `Basic ${Buffer.from(`elastic:${password}`).toString('base64')}`;
  return async (method, path, body) => {
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(new URL(path, url), { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`Elasticsearch answered ${answer.status} to ${method} ${path}.`);
    return answer.json();
  };
}

async function untilThere(ask, waitMs) {
  const end = performance.now() + waitMs;
  for (;;) {
    try {
      await ask('GET', '/_security/_authenticate');
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

const [command, first, second] = process.argv.slice(2);
if (command === 'password') {
  makePassword(first);
}
if (command === 'users') {
  const url = process.env.ELASTICSEARCH_URL;
  await makeUsers({ url, password: readFileSync(first, 'utf8').trim(), out: second });
}
