import { join } from 'node:path';
import type { Clip } from '../clip-list.ts';
import { type Encoding, encodedPackets, type Shown } from './encode.ts';
import { MovementSignal } from './movement-signal.ts';
import { RequestBudget } from './request-budget.ts';

/** What the signal makes of one encoded clip. */
interface Heard {
  readonly moments: readonly { readonly at: number; readonly factor: number }[];
  /** Ends of movements: all of them, and those for which the budget has a frame. */
  readonly ended: readonly number[];
  readonly requested: readonly number[];
  readonly bitsPerSecond: number;
  readonly seconds: number;
}

/** Encodes a clip and listens to its packets. Seconds count from the beginning of the clip itself. */
export async function listen(shown: Shown, encoding: Encoding, cacheFolder: string): Promise<Heard> {
  const { packets, bitsPerSecond } = await encodedPackets(shown, encoding, cacheFolder);
  const signal = new MovementSignal();
  const budget = new RequestBudget();
  const moments: { at: number; factor: number }[] = [];
  const ended: number[] = [];
  const requested: number[] = [];
  for (const packet of packets) {
    const moment = signal.add(packet);
    if (moment === undefined) continue;
    moments.push(moment);
    if (!moment.ended) continue;
    ended.push(moment.at);
    if (budget.spend(moment.at)) {
      requested.push(moment.at);
    }
  }
  const seconds = (packets.at(-1)?.at ?? 0) + shown.heldBefore;
  return { moments, ended, requested, bitsPerSecond, seconds };
}

/** One line of the table of encodings. */
export interface Separation {
  readonly encoding: Encoding;
  readonly kilobitsPerSecond: number;
  /** Activity during falls, as multiples of what is usual: the least and the median of the clips' peaks. */
  readonly fallLeast: number;
  readonly fallMedian: number;
  /** Falls after which a frame was requested within five seconds. */
  readonly heardFalls: number;
  readonly falls: number;
  /** Of a quiet night: the activity of which a thousandth of the moments shows more. */
  readonly nightFactor: number;
  readonly nightRequestsPerHour: number;
  /** Calm activity: ends of movements, without the budget's limit. */
  readonly calmEndsPerMinute: number;
}

const held = { heldBefore: 20, heldAfter: 5, light: 'day' } as const;
const answeredSeconds = 5;
/** A sleeper who turns over once, and a room that is empty, five minutes each. */
const night = { heldBefore: 140, heldAfter: 140, light: 'night' } as const;
const nightClips: readonly string[] = ['rooms/room-sleep.mp4', 'rooms/room-empty.mp4'];

/** Measures how one encoding separates falls of rendered rooms from calm activity and quiet nights. */
export async function separate(
  clips: readonly Clip[],
  encoding: Encoding,
  { dataFolder, cacheFolder }: { readonly dataFolder: string; readonly cacheFolder: string },
): Promise<Separation> {
  const peaks: number[] = [];
  const bits: number[] = [];
  let [heardFalls, calmEnds, calmSeconds] = [0, 0, 0];
  for (const { path, kind, fall_start_s: from, on_floor_from_s: to } of clips) {
    const heard = await listen({ path, ...held }, encoding, cacheFolder);
    bits.push(heard.bitsPerSecond);
    if (typeof from !== 'number' || typeof to !== 'number') {
      calmEnds += kind === 'adl' ? heard.ended.filter((at) => at > 0).length : 0;
      calmSeconds += kind === 'adl' ? heard.seconds - held.heldBefore : 0;
      continue;
    }
    peaks.push(Math.max(...heard.moments.filter(({ at }) => at >= from && at <= to + 1).map(({ factor }) => factor)));
    heardFalls += heard.requested.some((at) => at >= to && at <= to + answeredSeconds) ? 1 : 0;
  }
  const nights = [];
  for (const name of nightClips) {
    nights.push(await listen({ path: join(dataFolder, name), ...night }, encoding, cacheFolder));
  }
  const factors = nights.flatMap(({ moments }) => moments.map(({ factor }) => factor));
  const hours = nights.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;
  return {
    encoding,
    kilobitsPerSecond: Math.round(quantile(bits, 0.5) / 1000),
    fallLeast: Math.min(...peaks),
    fallMedian: quantile(peaks, 0.5),
    heardFalls,
    falls: peaks.length,
    nightFactor: quantile(factors, 0.999),
    nightRequestsPerHour: nights.reduce((sum, { requested }) => sum + requested.length, 0) / hours,
    calmEndsPerMinute: calmEnds / (calmSeconds / 60),
  };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
