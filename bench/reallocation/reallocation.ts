import { createTopics } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import { startEmbeddedBroker } from '@vigilia/service/embedded-broker';
import { connectBus, eventually } from '@vigilia/testing';
import type { Bench } from '../lib/bench-result.ts';
import { benchSite, clipOf, realModel } from '../lib/bench-site.ts';
import { median, round } from '../lib/numbers.ts';
import { ProcessorProcess } from '../lib/processor-process.ts';
import { seconds } from '../lib/wait.ts';
import { startOrchestrator } from './orchestrator-process.ts';

const topics = createTopics();
const home = 'processor-a';
const framesPerSecond = 10;

interface Place {
  readonly folder: string;
  readonly clipClock: string;
}

/** How the fall's room gets a processor of its own. */
type Start = 'cold' | 'standby';

/**
 * From a published fall to the first detection of the dedicated processor, over the bare time in which the same process,
 * started by hand, loads the same model and shows its first detection; and the same with a standby over the cold start.
 * Every picture of the clip is a key frame, so that no wait for one is in any of them; how long a room with a key frame
 * every two seconds waits for one besides is reported separately.
 */
export const reallocation: Bench = async ({ quick, say }) => {
  const clip = await clipOf('360p10-gop1', { size: '640x360', fps: framesPerSecond, seconds: 20, gop: 1 });
  const site = await benchSite({ rooms: 2, clip });
  const place = { folder: site.folder.path, clipClock: String(Date.now()) };
  const rounds = quick ? 1 : 5;
  const times = { byHand: [] as number[], cold: [] as number[], standby: [] as number[] };
  try {
    for (let round = 0; round < rounds; round++) {
      times.byHand.push(await byHand(place));
      times.cold.push(await byFall(place, 'cold'));
      times.standby.push(await byFall(place, 'standby'));
      const last = (list: readonly number[]) => `${Math.round(list.at(-1) ?? 0)} ms`;
      const { byHand: hand, cold, standby } = times;
      say(`round ${round + 1}: by hand ${last(hand)}, cold ${last(cold)}, with a standby ${last(standby)}`);
    }
  } finally {
    await site.folder.remove();
  }
  const over = (list: readonly number[], under: readonly number[]) =>
    list.map((ms, index) => ms / (under[index] ?? Number.NaN));
  const ratios = { cold: over(times.cold, times.byHand), standby: over(times.standby, times.cold) };
  const detail = {
    by_hand_ms: round(median(times.byHand), 0),
    cold_ms: round(median(times.cold), 0),
    standby_ms: round(median(times.standby), 0),
    keyframe_wait_ms: { here: `≤ ${1000 / framesPerSecond}`, at_one_every_two_seconds: '1000 on average' },
    rounds: { cold: ratios.cold.map((one) => round(one)), standby: ratios.standby.map((one) => round(one)) },
    notes: site.notes,
  };
  const standby = { bench: 'reallocation, standby over cold', goal: '≤ 0.3', ratio: round(median(ratios.standby)) };
  return { bench: 'reallocation', goal: '≤ 1.3', ratio: round(median(ratios.cold)), more: [standby], detail };
};

const common = ({ clipClock }: Place): string[] => ['--model', realModel, '--clip-clock', clipClock];

/** Milliseconds from starting the process to its first detection, with the other services running as in the other measurements. */
async function byHand(place: Place): Promise<number> {
  return withHouse(place, undefined, async (url) => {
    const began = performance.now();
    const flags = [...common(place), '--instance-id', 'by-hand', '--streams', '0', '--max-fps', '1'];
    const processor = await ProcessorProcess.start({ url, folder: place.folder, flags });
    try {
      const own = () => processor.results.find(({ message }) => message.instance_id === 'by-hand');
      const seen = await eventually(() => must(own()), { timeoutMs: 120_000, intervalMs: 5 });
      return seen.atMs - began;
    } finally {
      await processor.stop();
    }
  });
}

/** Milliseconds from the publishing of a fall to the first detection by anyone but the home. */
async function byFall(place: Place, start: Start): Promise<number> {
  return withHouse(place, start, async (url, processor) => {
    const client = await connectBus(url);
    try {
      if (start === 'standby') {
        await warm(client);
      }
      const began = performance.now();
      await client.publish(topics.event('fall_detected'), { source_id: 0 }, { qos: 1 });
      const other = () =>
        processor.results.find(({ message }) => message.source_id === 0 && message.instance_id !== home);
      const seen = await eventually(() => must(other()), { timeoutMs: 120_000, intervalMs: 5 });
      return seen.atMs - began;
    } finally {
      await client.stop();
    }
  });
}

/** Resolves when the standby reports that it is ready. */
async function warm(client: Bus): Promise<void> {
  let status: unknown;
  await client.subscribe(topics.status('standby_1'), (message) => {
    status = (message.json() as { status?: unknown }).status;
  });
  await eventually(() => must(status === 'running' ? status : undefined), { timeoutMs: 120_000, intervalMs: 100 });
}

/** A broker, the home, and an orchestrator where it is wanted; settled. */
async function withHouse(
  place: Place,
  start: Start | undefined,
  work: (url: string, home: ProcessorProcess) => Promise<number>,
): Promise<number> {
  const broker = await startEmbeddedBroker();
  const flags = [...common(place), '--instance-id', home, '--streams', '0,1', '--max-fps', '0.1'];
  const processor = await ProcessorProcess.start({ url: broker.url, folder: place.folder, flags });
  const standby = start === 'standby' ? 1 : 0;
  const orchestrator =
    start === undefined
      ? undefined
      : await startOrchestrator({ ...place, url: broker.url, modelId: realModel, standby });
  try {
    await processor.watches([0, 1]);
    // the orchestrator plans once its view is whole
    await seconds(start === undefined ? 1 : 5);
    return await work(broker.url, processor);
  } finally {
    await orchestrator?.stop();
    await processor.stop();
    await broker.stop();
  }
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not yet');
  return value;
}
