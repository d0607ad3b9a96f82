import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { createTopics } from '@vigilia/protocol';
import { type Bus, createBus } from '@vigilia/service';
import {
  type Elasticsearch,
  eventually,
  holdElasticsearch,
  type Mosquitto,
  silentLogger,
  startElasticsearch,
  startMosquitto,
  tempFolder,
} from '@vigilia/testing';
import { setupElasticsearch } from '../setup/setup.ts';
import { Counting } from './counting.ts';
import { type SinkProcess, startSink } from './sink-process.ts';

export interface OutageOptions {
  /** At least; the load continues as long as processes are stopped or killed. */
  readonly messages: number;
  readonly perSecond: number;
  /** kill -9 of the sink so many times, spread over the load. */
  readonly sinkKills: number;
  /** How long the node is stopped in mid-flow. */
  readonly nodeStoppedMs: number;
}

export interface OutageResult {
  /** Events sent, of falls and of rooms in turn: two lanes of the spool. */
  readonly sent: number;
  /** Events found by query, and how many different ids they have. */
  readonly found: number;
  readonly distinct: number;
  /** Dead-letter files. */
  readonly deadLetters: number;
  readonly drainedMs: number;
}

const topics = createTopics();
const FILTER = { prefix: { 'event.id': 'outage-' } };

/** Load over MQTT while the sink is killed, the node stopped, killed and started again; answers what is in Elasticsearch at the end. */
export async function tellOutage(options: OutageOptions): Promise<OutageResult> {
  await using folder = await tempFolder('outage');
  const broker = await startMosquitto({ config: ['max_queued_messages 1000000', 'max_inflight_messages 200'] });
  await using _ = await holdElasticsearch();
  let node = await startElasticsearch({ held: true });
  const counting = new Counting(node.url, 'default');
  const bus = createBus({ url: broker.url, clientId: 'load', logger: silentLogger() });
  const house = new House({ folder: folder.path, broker, port: node.port });
  try {
    await setupElasticsearch(counting.client, { events: 30, service: 30, metrics: 30, detections: 3, reports: 400 });
    await bus.start();
    await house.startSink();
    const load = new Load(bus, options);
    const sending = load.run();
    await house.killSink(Math.ceil(options.sinkKills / 3));
    const before = await counting.count('events', FILTER);
    await node.stop();
    await Promise.all([pause(options.nodeStoppedMs), house.killSink(Math.ceil(options.sinkKills / 3))]);
    node = await startElasticsearch({ port: node.port, keepData: true, held: true });
    await eventually(async () => expectMore(await counting.count('events', FILTER), before), { timeoutMs: 120_000 });
    await node.kill();
    node = await startElasticsearch({ port: node.port, keepData: true, held: true });
    await house.killSink(options.sinkKills - 2 * Math.ceil(options.sinkKills / 3));
    load.end();
    return await settle(counting, await sending, house);
  } finally {
    await house.stop();
    await bus.stop();
    await counting.client.close();
    await node.stop();
    await broker.stop();
  }
}

class House {
  readonly #options: { folder: string; broker: Mosquitto; port: number };
  #sink: SinkProcess | undefined;

  constructor(options: { folder: string; broker: Mosquitto; port: Elasticsearch['port'] }) {
    this.#options = options;
  }

  async startSink(): Promise<void> {
    const { folder, broker, port } = this.#options;
    const args = [
      '--mqtt-url',
      broker.url,
      '--spool-dir',
      `${folder}/spool`,
      '--elasticsearch-url',
      `http://127.0.0.1:${port}`,
      '--linger',
      '50',
      '--request-timeout',
      '10000',
    ];
    this.#sink = startSink(args);
    await this.#sink.until('service_started');
  }

  async killSink(times: number): Promise<void> {
    for (let n = 0; n < times; n += 1) {
      // not at the same point of its work each time
      await pause(300 + ((n * 377) % 900));
      await this.#sink?.kill();
      await this.startSink();
    }
  }

  async stop(): Promise<void> {
    await this.#sink?.stop();
  }

  async deadLetters(): Promise<number> {
    return (await readdir(`${this.#options.folder}/spool/dead-letters`).catch(() => [])).length;
  }
}

class Load {
  readonly #bus: Bus;
  readonly #options: OutageOptions;
  #isEnding = false;

  constructor(bus: Bus, options: OutageOptions) {
    this.#bus = bus;
    this.#options = options;
  }

  /** @returns the number of messages, all of them acknowledged by the broker */
  async run(): Promise<number> {
    const { messages, perSecond } = this.#options;
    const started = performance.now();
    let n = 0;
    for (; n < messages || !this.#isEnding; n += 1) {
      const event = eventOf(n);
      await this.#bus.publish(topics.event(event.event), event);
      const aheadMs = (n * 1000) / perSecond - (performance.now() - started);
      if (aheadMs > 5) {
        await pause(aheadMs);
      }
    }
    return n;
  }

  /** No more than the least number of messages from here on. */
  end(): void {
    this.#isEnding = true;
  }
}

function eventOf(n: number) {
  return {
    event_id: `outage-${n}`,
    event: n % 2 === 0 ? ('fall_suspected' as const) : ('room_taken' as const),
    source_id: n % 8,
    instance_id: 'p',
    timestamp: new Date().toISOString(),
    severity: 'info',
    trace_id: `t-${n % 100}`,
  };
}

async function settle(counting: Counting, sent: number, house: House): Promise<OutageResult> {
  const from = performance.now();
  await eventually(
    async () => {
      const found = await counting.count('events', FILTER);
      if (found < sent) throw new Error(`${found} of ${sent} are there`);
    },
    { timeoutMs: 600_000, intervalMs: 500 },
  );
  const drainedMs = Math.round(performance.now() - from);
  const found = await counting.count('events', FILTER);
  return {
    sent,
    found,
    distinct: await counting.distinctIds('events', FILTER),
    deadLetters: await house.deadLetters(),
    drainedMs,
  };
}

function expectMore(count: number, before: number): void {
  if (count <= before) throw new Error(`nothing has come since: ${count}`);
}
