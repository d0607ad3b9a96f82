import { requires } from './requires.ts';
import { holdElasticsearch, startElasticsearch } from './start-elasticsearch.ts';

requires('elasticsearch')('a real Elasticsearch node', () => {
  test('answers, keeps its data over kill -9 when asked to, and is removed after stop', async () => {
    await using _ = await holdElasticsearch();
    const first = await startElasticsearch({ held: true });
    const document = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"a":1}' };
    expect((await fetch(`${first.url}/kept/_doc/1?refresh=true`, document)).status).toBe(201);
    await first.kill();
    const second = await startElasticsearch({ keepData: true, held: true });
    expect((await fetch(`${second.url}/kept/_doc/1`)).status).toBe(200);
    await second.stop();
    await expect(fetch(second.url)).rejects.toThrow();
  });
});
