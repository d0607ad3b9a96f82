import { type Clock, createBackoff, systemClock } from '@vigilia/service';
import { silentLogger } from '@vigilia/testing';
import type { EncodedDocument } from '../documents/document.ts';
import { bulkSender, createClient } from '../elasticsearch/client.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../test-support/fault-proxy.ts';
import { ElasticsearchOutput, type ElasticsearchOutputOptions } from './elasticsearch-output.ts';

const documents: EncodedDocument[] = [{ id: 'a', stream: 'events', json: '{"@timestamp":"2026-03-01T00:00:00Z"}' }];
const stored: Fault = { kind: 'status', status: 200, body: '{"errors":false,"items":[{"create":{"status":201}}]}' };
const MIN_MS = 40;
const JITTER = 0.5;
const quick = () => createBackoff({ minMs: MIN_MS, maxMs: 10_000, jitter: JITTER });

describe('how patient the sink is with an Elasticsearch in trouble', () => {
  let proxy: FaultProxy;
  beforeEach(async () => {
    proxy = await startFaultProxy(undefined);
  });
  afterEach(() => proxy.stop());

  /** Delivers one document after these faults; the pauses before each further request, ms. */
  async function pauses(
    faults: readonly Fault[],
    more: Partial<ElasticsearchOutputOptions> = { backoff: quick() },
  ): Promise<number[]> {
    proxy.bulks.length = 0;
    proxy.fault = ({ index }) => faults[index] ?? stored;
    const settings = { elasticsearchUrl: proxy.url, requestTimeoutMs: 10_000 } as Parameters<typeof createClient>[0];
    const output = new ElasticsearchOutput({
      sender: bulkSender(createClient(settings)),
      namespace: 'test',
      deadLetters: { write: async () => undefined },
      clock: systemClock,
      logger: silentLogger(),
      ...more,
    });
    expect(await output.deliver(documents, new AbortController().signal)).toMatchObject({ stored: 1 });
    await output.stop();
    return proxy.bulks.slice(1).map(({ atMs }, index) => atMs - (proxy.bulks[index]?.atMs ?? 0));
  }
  const times = (count: number, fault: Fault): Fault[] => Array.from({ length: count }, () => fault);

  it.each<[string, Fault]>([
    ['429', { kind: 'status', status: 429 }],
    ['503', { kind: 'status', status: 503, body: '<html>' }],
    ['no server behind the address', { kind: 'cut' }],
    [
      '429 for the item',
      {
        kind: 'status',
        status: 200,
        body: '{"errors":true,"items":[{"create":{"status":429,"error":{"type":"es_rejected_execution_exception"}}}]}',
      },
    ],
  ])('%s: the pauses double, and none is shorter than the least', async (_, fault) => {
    const slept: number[] = [];
    const sleep: Clock['sleep'] = (ms, signal) => {
      slept.push(ms);
      return systemClock.sleep(ms, signal);
    };
    const clock = { ...systemClock, sleep };
    const measured = await pauses(times(5, fault), { backoff: quick(), clock });
    expect(measured.length).toBe(5);
    for (const [n, ms] of slept.entries()) {
      expect(ms).toBeGreaterThanOrEqual(MIN_MS * 2 ** n * (1 - JITTER));
      expect(ms).toBeLessThanOrEqual(MIN_MS * 2 ** n * (1 + JITTER));
      // a timer may fire within a millisecond of its time
      expect(measured[n]).toBeGreaterThanOrEqual(ms - 1);
    }
  });

  it('waits as long as Retry-After demands, and at most two minutes', async () => {
    const after = (seconds: string): Fault => ({
      kind: 'status',
      status: 429,
      headers: { 'retry-after': seconds },
    });
    const [pause] = await pauses([after('1')]);
    expect(pause).toBeGreaterThanOrEqual(999);
    const slept: number[] = [];
    const clock: Clock = { ...systemClock, sleep: async (ms) => void slept.push(ms) };
    await pauses([after('7'), after('86400'), after('soon')], { clock });
    expect(slept.slice(0, 2)).toEqual([7000, 120_000]);
    expect(slept[2]).toBeLessThanOrEqual(3000);
  });

  it('by default begins with half a second, ends with half a minute, and no two sinks keep step', async () => {
    const run = async () => {
      const slept: number[] = [];
      const clock: Clock = { ...systemClock, sleep: async (ms) => void slept.push(ms) };
      await pauses(times(9, { kind: 'status', status: 503 }), { clock });
      return slept;
    };
    const [first, second] = [await run(), await run()];
    expect(first.length).toBe(9);
    for (const [n, ms] of first.entries()) {
      expect(ms).toBeGreaterThanOrEqual(Math.min(30_000, 500 * 2 ** n) * 0.5);
      expect(ms).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** n * 1.5));
    }
    expect(second).not.toEqual(first);
  });
});
