import { Client } from '@elastic/elasticsearch';
import { withoutUndefined } from '@vigilia/protocol';
import type { Stream } from '../schema/data-streams.ts';
import { streamNames } from '../schema/data-streams.ts';

/** Counts what is really in Elasticsearch. */
export class Counting {
  readonly client: Client;
  readonly #namespace: string;

  constructor(url: string, namespace: string) {
    this.client = new Client({ node: url });
    this.#namespace = namespace;
  }

  indexOf(stream: Stream): string {
    return `${streamNames[stream]}-${this.#namespace}`;
  }

  /** Documents of a data stream that match; 0 when the data stream is not there. */
  async count(stream: Stream, query?: Readonly<Record<string, unknown>>): Promise<number> {
    const index = this.indexOf(stream);
    await this.client.indices.refresh({ index, ignore_unavailable: true });
    const answer = await this.client.count(withoutUndefined({ index, ignore_unavailable: true, query }));
    return answer.count;
  }

  /**
   * How many different `event.id` there are: fewer than documents means that something is there twice. Counted page by page, because the
   * `cardinality` aggregation only estimates (39,997 for 40,000).
   */
  async distinctIds(stream: Stream, query?: Readonly<Record<string, unknown>>): Promise<number> {
    const index = this.indexOf(stream);
    await this.client.indices.refresh({ index, ignore_unavailable: true });
    let distinct = 0;
    let after: Readonly<Record<string, string>> | undefined;
    do {
      const composite = withoutUndefined({
        size: 10_000,
        sources: [{ id: { terms: { field: 'event.id' } } }],
        after,
      });
      const answer = await this.client.search(
        withoutUndefined({
          index,
          size: 0,
          query,
          aggs: { ids: { composite } },
        }),
      );
      const page = answer.aggregations?.ids as { buckets: unknown[]; after_key?: Record<string, string> } | undefined;
      distinct += page?.buckets.length ?? 0;
      after = page?.after_key;
    } while (after !== undefined);
    return distinct;
  }
}
