import type { Ack } from '@vigilia/protocol';
import { Random } from '@vigilia/simulated-site';
import type { ProcessorHouse } from './processor-house.ts';
import { topics } from './processor-house.ts';
import { choices, type Step } from './storm-choices.ts';

/** What the processor reports of itself: the model of each room it watches. */
export interface Watched {
  readonly paused: boolean;
  readonly models: ReadonlyMap<number, string>;
}

/** One command of a storm: when it was in force, and what came of it. Times in ms of the wall clock. */
export interface StormCommand extends Step {
  readonly sentAt: number;
  readonly endedAt: number;
  readonly ack: Ack;
  /** How many results had come when it was sent, and when its final answer came. */
  readonly resultsBefore: number;
  readonly resultsAfter: number;
  readonly after: Watched;
}

/** One result of a room. */
export interface StormResult {
  readonly sourceId: number;
  /** When it was published. */
  readonly at: number;
  readonly frameAt: string;
  readonly modelId: string;
}

export interface Storm {
  readonly beganAt: number;
  readonly endedAt: number;
  readonly before: Watched;
  readonly commands: readonly StormCommand[];
  /** In the order in which the broker handed them over, with the answers. */
  readonly results: readonly StormResult[];
}

/** Sends at least `count` commands one after another and keeps everything that came. */
export async function runStorm(
  house: ProcessorHouse,
  options: { mediaDir: string; rooms: number; fps: number; count: number; seed: number },
): Promise<Storm> {
  const random = new Random(options.seed);
  const results: StormResult[] = [];
  await house.client.subscribe(topics.detectionsAny, (message) => {
    const body = message.json() as { source_id: number; timestamp: string; latency_ms: number; model_id: string };
    const at = Date.parse(body.timestamp) + body.latency_ms;
    results.push({ sourceId: body.source_id, at, frameAt: body.timestamp, modelId: body.model_id });
  });
  const [beganAt, before] = [Date.now(), watched(house)];
  const commands: StormCommand[] = [];
  while (commands.length < options.count) {
    const list = choices({ ...options, random });
    for (const { name, params } of random.pick(list)) {
      const [sentAt, resultsBefore] = [Date.now(), results.length];
      const ack = await house.send(name, params);
      const told = { name, params, ack, sentAt, resultsBefore };
      // the status of a change comes before its final answer
      commands.push({ ...told, endedAt: Date.now(), resultsAfter: results.length, after: watched(house) });
    }
  }
  return { beganAt, endedAt: Date.now(), before, commands, results };
}

function watched(house: ProcessorHouse): Watched {
  const { status, streams = [] } = house.lastStatus();
  return { paused: status === 'paused', models: new Map(streams.map((one) => [one.source_id, one.model_id])) };
}
