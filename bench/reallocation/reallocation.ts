import { createTopics } from '@vigilia/protocol';
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

interface Place {
  readonly folder: string;
  readonly clipClock: string;
}

/**
 * From a published fall to the first detection of the dedicated processor, over the bare time in which the same process,
 * started by hand, loads the same model and shows its first detection. Every picture of the
 * clip is a key frame, so that no wait for one is in either side.
 */
export const reallocation: Bench = async ({ quick, say }) => {
  const clip = await clipOf('360p10-gop1', { size: '640x360', fps: 10, seconds: 20, gop: 1 });
  const site = await benchSite({ rooms: 2, clip });
  const place = { folder: site.folder.path, clipClock: String(Date.now()) };
  const rounds = quick ? 1 : 5;
  const times = { byHand: [] as number[], cold: [] as number[] };
  try {
    for (let round = 0; round < rounds; round++) {
      times.byHand.push(await byHand(place));
      times.cold.push(await byFall(place));
      const [hand, cold] = [times.byHand, times.cold].map((list) => Math.round(list.at(-1) ?? 0));
      say(`round ${round + 1}: by hand ${hand} ms, cold ${cold} ms`);
    }
  } finally {
    await site.folder.remove();
  }
  const ratios = times.cold.map((cold, index) => cold / (times.byHand[index] ?? Number.NaN));
  const detail = {
    by_hand_ms: round(median(times.byHand), 0),
    cold_ms: round(median(times.cold), 0),
    rounds: ratios.map((ratio) => round(ratio)),
    notes: [...site.notes, 'without a warm standby: the orchestrator keeps none yet'],
  };
  return { bench: 'reallocation', goal: '≤ 1.3', ratio: round(median(ratios)), detail };
};

const common = ({ clipClock }: Place): string[] => ['--model', realModel, '--clip-clock', clipClock];

/** Milliseconds from starting the process to its first detection, with the house running as in the other measurements. */
async function byHand(place: Place): Promise<number> {
  return withHouse(place, false, async (url) => {
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
async function byFall(place: Place): Promise<number> {
  return withHouse(place, true, async (url, processor) => {
    const client = await connectBus(url);
    try {
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

/** A broker, the home, and an orchestrator where it is wanted; settled. */
async function withHouse(
  place: Place,
  orchestrated: boolean,
  work: (url: string, home: ProcessorProcess) => Promise<number>,
): Promise<number> {
  const broker = await startEmbeddedBroker();
  const flags = [...common(place), '--instance-id', home, '--streams', '0,1', '--max-fps', '0.1'];
  const processor = await ProcessorProcess.start({ url: broker.url, folder: place.folder, flags });
  const orchestrator = orchestrated
    ? await startOrchestrator({ ...place, url: broker.url, modelId: realModel })
    : undefined;
  try {
    await processor.watches([0, 1]);
    // the orchestrator plans once its view is whole
    await seconds(orchestrated ? 5 : 1);
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
