import { type Elasticsearch, requires, startElasticsearch } from '@vigilia/testing';
import { Counting } from '../test-support/counting.ts';
import { missingTemplates, setupElasticsearch } from './setup.ts';
import { buildTemplates, TEMPLATE_VERSION } from './templates.ts';

const RETENTION = { days: 30, detectionDays: 3 };

requires('elasticsearch')('set-up, on a real node', () => {
  let node: Elasticsearch;
  let counting: Counting;

  beforeAll(async () => {
    node = await startElasticsearch();
    counting = new Counting(node.url, 'test');
    await setupElasticsearch(counting.client, RETENTION);
  }, 300_000);
  afterAll(async () => {
    await counting?.client.close();
    await node?.stop();
  }, 60_000);

  it('set-up changes nothing the second time, upgrades what is older and leaves what is newer', async () => {
    const again = await setupElasticsearch(counting.client, RETENTION);
    expect(new Set(again.map(({ action }) => action))).toEqual(new Set(['unchanged']));
    expect(await missingTemplates(counting.client)).toEqual([]);

    await counting.client.index({
      index: 'logs-vigilia.events-test',
      op_type: 'create',
      document: { '@timestamp': '2026-03-01T00:00:00Z' },
    });
    const [, , template] = buildTemplates(RETENTION);
    if (template === undefined) throw new Error('no template');
    const withVersion = (version: number) => ({
      ...template.body,
      name: template.name,
      _meta: { ...template.body._meta, version },
    });
    await counting.client.indices.putIndexTemplate(withVersion(0));
    expect(await missingTemplates(counting.client)).toEqual([template.name]);
    const upgraded = await setupElasticsearch(counting.client, RETENTION);
    expect(upgraded).toContainEqual({ name: template.name, action: 'upgraded', from: 0, to: TEMPLATE_VERSION });
    expect(upgraded).toContainEqual({ name: 'logs-vigilia.events-test', action: 'rolled_over' });

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
    const steps = await setupElasticsearch(counting.client, { days: 60, detectionDays: 3 });
    expect(
      steps
        .filter(({ action }) => action === 'updated')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['logs-vigilia.events', 'logs-vigilia.service', 'metrics-vigilia']);
    await setupElasticsearch(counting.client, RETENTION);
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
