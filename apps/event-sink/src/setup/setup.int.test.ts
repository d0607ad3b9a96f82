import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { type Elasticsearch, requires, startElasticsearch, tempFolder } from '@vigilia/testing';
import { Counting } from '../test-support/counting.ts';
import { startSink } from '../test-support/sink-process.ts';
import { missingTemplates, setupElasticsearch } from './setup.ts';
import { buildTemplates, TEMPLATE_VERSION } from './templates.ts';

const RETENTION = { events: 30, service: 30, metrics: 30, detections: 3, reports: 400 };

requires('elasticsearch')('set-up, on a real node', () => {
  let node: Elasticsearch;
  let counting: Counting;

  beforeAll(async () => {
    node = await startElasticsearch();
    counting = new Counting(node.url, 'test');
    await setupElasticsearch(counting.client, RETENTION);
  });
  afterAll(async () => {
    await counting?.client.close();
    await node?.stop();
  });

  it('set-up changes nothing the second time, upgrades what is older and leaves what is newer', async () => {
    const again = await setupElasticsearch(counting.client, RETENTION);
    expect(new Set(again.map(({ action }) => action))).toEqual(new Set(['unchanged']));
    expect(await missingTemplates(counting.client)).toEqual([]);

    const [, component, template] = buildTemplates(RETENTION);
    if (component === undefined || template === undefined) throw new Error('no template');
    const withVersion = (version: number) => ({
      ...template.body,
      name: template.name,
      _meta: { ...template.body._meta, version },
    });
    await counting.client.cluster.putComponentTemplate({
      name: component.name,
      template: { mappings: { _meta: { vigilia: { hash: 'of an older version' } } } },
      _meta: { version: 0 },
    });
    await counting.client.indices.putIndexTemplate(withVersion(0));
    expect(await missingTemplates(counting.client)).toEqual([template.name]);
    await counting.client.index({
      index: 'logs-vigilia.events-test',
      op_type: 'create',
      document: { '@timestamp': '2026-03-01T00:00:00Z' },
    });
    const upgraded = await setupElasticsearch(counting.client, RETENTION);
    expect(upgraded).toContainEqual({ name: component.name, action: 'upgraded', from: 0, to: TEMPLATE_VERSION });
    expect(upgraded).toContainEqual({ name: template.name, action: 'upgraded', from: 0, to: TEMPLATE_VERSION });
    expect(upgraded).toContainEqual({ name: 'logs-vigilia.events-test', action: 'rolled_over' });
    const after = await setupElasticsearch(counting.client, RETENTION);
    expect(new Set(after.map(({ action }) => action))).toEqual(new Set(['unchanged']));

    await counting.client.indices.putIndexTemplate(withVersion(99));
    expect(await setupElasticsearch(counting.client, RETENTION)).toContainEqual({
      name: template.name,
      action: 'newer_left',
      from: 99,
      to: TEMPLATE_VERSION,
    });
    const left = await counting.client.indices.getIndexTemplate({ name: template.name });
    expect(left.index_templates[0]?.index_template._meta?.version).toBe(99);
    await counting.client.indices.putIndexTemplate({ ...template.body, name: template.name });
  });

  it('a changed retention is an update of its templates', async () => {
    const steps = await setupElasticsearch(counting.client, { ...RETENTION, events: 60 });
    expect(
      steps
        .filter(({ action }) => action === 'updated')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['logs-vigilia.events']);
    await setupElasticsearch(counting.client, RETENTION);
  });

  it('as commands: setup twice and a replay, each ends with 0 and reports what it did; without a server it ends with 2', async () => {
    await using folder = await tempFolder('commands');
    const elasticsearch = ['--elasticsearch-url', node.url, '--namespace', 'test'];
    const run = async (args: readonly string[]) => {
      const sink = startSink(args);
      const code = await new Promise((resolve) => sink.child.once('close', resolve));
      return { code, output: sink.output() };
    };
    for (const _ of ['first', 'second']) {
      const { code, output } = await run(['setup', ...elasticsearch]);
      expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('"action":"unchanged"') });
    }
    const letter = { output: 'elasticsearch', id: 'replayed-1', stream: 'events', reason: { type: 't', message: 'm' } };
    const document = { '@timestamp': '2026-03-01T00:00:00Z', event: { id: 'replayed-1' } };
    await mkdir(folder.file('dead-letters'));
    await writeFile(folder.file('dead-letters/dead-2026-03-01.ndjson'), `${JSON.stringify({ ...letter, document })}\n`);
    const replayed = await run(['replay', ...elasticsearch, '--spool-dir', folder.path]);
    expect(replayed).toMatchObject({ code: 0, output: expect.stringContaining('"event":"replay_completed"') });
    expect(await counting.count('events', { term: { 'event.id': 'replayed-1' } })).toBe(1);
    expect(await readdir(folder.file('dead-letters'))).toEqual([]);
    const nobody = await run(['setup', '--elasticsearch-url', 'http://127.0.0.1:9', '--wait', '1']);
    expect(nobody).toMatchObject({ code: 2, output: expect.stringContaining('does not answer within 1 s') });
  });

  it('index mode, retention and mapping come out as written', async () => {
    const simulated = await counting.client.indices.simulateIndexTemplate({ name: 'logs-vigilia.detections-test' });
    expect(simulated.template.settings).toMatchObject({ index: { mode: 'standard' } });
    expect(JSON.stringify(simulated.template)).toContain('3d');
    expect(simulated.template.mappings).toMatchObject({
      dynamic: 'false',
      properties: { vigilia: { properties: { source_id: { type: 'integer' } } } },
    });
  });
});
