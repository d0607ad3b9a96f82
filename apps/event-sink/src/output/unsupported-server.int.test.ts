import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  askHealth,
  connectBus,
  eventually,
  type Mosquitto,
  requires,
  startMosquitto,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { startSink } from '../test-support/sink-process.ts';

/** Answers as Elasticsearch 8.15 answers a client of version 9 (its own words), and as version 9 once it is upgraded. */
class UpgradableElasticsearch {
  version = '8.15.3';
  readonly stored: string[] = [];
  readonly server: Server = createServer((request, response) => {
    const headers = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' };
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const { status, body } = this.#answer(request.url ?? '/', request.headers.accept ?? '', text);
      response.writeHead(status, headers).end(JSON.stringify(body));
    });
  });

  #answer(url: string, accept: string, text: string): { status: number; body: object } {
    if (this.version.startsWith('8') && accept.includes('compatible-with=9')) {
      const reason = `Accept version must be either version 8 or 7, but found 9. Accept=${accept}`;
      return { status: 400, body: { error: { type: 'media_type_header_exception', reason }, status: 400 } };
    }
    if (!url.includes('_bulk')) return { status: 200, body: { version: { number: this.version } } };
    const ids = [...text.matchAll(/"_id":"([^"]+)"/g)].map(([, id = '']) => id);
    this.stored.push(...ids);
    return { status: 200, body: { errors: false, items: ids.map(() => ({ create: { status: 201 } })) } };
  }
}

requires('mosquitto')('an Elasticsearch that is too old', () => {
  let folder: TempFolder;
  let broker: Mosquitto;
  let played: UpgradableElasticsearch;

  beforeEach(async () => {
    folder = await tempFolder('old-server');
    broker = await startMosquitto();
    played = new UpgradableElasticsearch();
    await new Promise<void>((resolve) => played.server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    played.server.closeAllConnections();
    played.server.close();
    await broker.stop();
    await folder.remove();
  });
  const url = () => `http://127.0.0.1:${(played.server.address() as AddressInfo).port}`;

  it('is named with its version, the sink is not ready, and every document is delivered after the upgrade', async () => {
    const spool = folder.file('spool');
    const args = ['--mqtt-url', broker.url, '--spool-dir', spool, '--elasticsearch-url', url(), '--health-port', '0'];
    const sink = startSink([...args, '--linger', '20']);
    await sink.until('elasticsearch_unsupported');
    const bus = await connectBus(broker.url);
    for (const id of ['f-1', 'f-2']) {
      await bus.publish('nvr/events/fall_detected', { event_id: id, source_id: 1 });
    }
    await eventually(async () =>
      expect(await askHealth(sink.output())).toMatchObject({
        readyz: 503,
        readyText: expect.stringMatching(
          /elasticsearch_unsupported: .*is Elasticsearch 8\.15\.3; .* needs 9\.0 or later/,
        ),
      }),
    );
    expect(await readdir(spool)).not.toContain('dead-letters');
    played.version = '9.1.0';
    await eventually(async () => expect(await askHealth(sink.output())).toMatchObject({ readyz: 200 }));
    expect(played.stored.filter((id) => id.includes('f-'))).toHaveLength(2);
    await bus.stop();
    await sink.stop();
  });

  it('ends the set-up with a sentence and code 2', async () => {
    const setup = startSink(['setup', '--elasticsearch-url', url()]);
    expect(await new Promise((resolve) => setup.child.once('close', resolve))).toBe(2);
    expect(setup.output()).toMatch(/is Elasticsearch 8\.15\.3; the event sink needs 9\.0 or later/);
  });
});
