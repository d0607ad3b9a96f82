import type { Ack } from '@vigilia/protocol';
import type { ProcessorHouse } from './processor-house.ts';
import { topics } from './processor-house.ts';

/** One command of a storm: the room it names, when it was in force, and what came of it. Times in ms of the wall clock. */
export interface StormCommand {
  readonly name: string;
  readonly params: { readonly source_id: number } & Record<string, unknown>;
  readonly sentAt: number;
  readonly endedAt: number;
  readonly ack: Ack;
  /** Messages that had come before the final answer. */
  readonly messagesBefore: number;
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
  readonly commands: readonly StormCommand[];
  /** In the order in which the broker handed them over, with the answers. */
  readonly results: readonly StormResult[];
}

/** A small generator with a seed, so that a storm that found something can be seen again (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Choice = [name: string, params: Record<string, unknown>];

/** Valid and invalid commands in about equal parts, each naming one room. */
function choices(mediaDir: string, fps: number, random: () => number): readonly Choice[] {
  const uri = `file://${mediaDir}/${Math.floor(random() * 8)}.mp4`;
  return [
    ['restart', {}],
    ['change_model', { model_id: 'small' }],
    ['change_model', { model_id: 'same' }],
    ['set_confidence', { confidence: 0.3 }],
    ['set_confidence', { confidence: 0.2 }],
    ['enable_tracking', { enabled: false }],
    ['set_zones', { zones: [] }],
    ['set_decode', { mode: 'full' }],
    ['set_decode', { mode: 'auto' }],
    ['set_fps', { max_fps: fps }],
    ['change_stream_uri', { uri }],
    ['change_model', { model_id: 'none' }],
    ['change_model', { model_id: 'nan' }],
    ['change_model', { model_id: 'truncated' }],
    ['change_model', {}],
    ['add_stream', {}],
    ['set_fps', { max_fps: 99 }],
    ['set_zones', { zones: 'none' }],
    ['change_stream_uri', { uri: 'file:///etc/passwd' }],
    ['change_stream_uri', { uri: 'rtsp://127.0.0.1:1/x' }],
    ['set_decode', { mode: 'sideways' }],
  ];
}

/** Sends `count` commands one after another and keeps everything that came. */
export async function runStorm(
  house: ProcessorHouse,
  options: { mediaDir: string; rooms: number; fps: number; count: number; seed: number },
): Promise<Storm> {
  const random = seededRandom(options.seed);
  const results: StormResult[] = [];
  await house.client.subscribe(topics.all, (message) => {
    if (!message.topic.startsWith(topics.detections(0).slice(0, -1))) return;
    const body = message.json() as { source_id: number; timestamp: string; latency_ms: number; model_id: string };
    const at = Date.parse(body.timestamp) + body.latency_ms;
    results.push({ sourceId: body.source_id, at, frameAt: body.timestamp, modelId: body.model_id });
  });
  const commands: StormCommand[] = [];
  for (let n = 0; n < options.count; n++) {
    const list = choices(options.mediaDir, options.fps, random);
    const [name, own] = list[Math.floor(random() * list.length)] ?? (['restart', {}] as Choice);
    const params = { source_id: Math.floor(random() * options.rooms), ...own };
    const sentAt = Date.now();
    const ack = await house.send(name, params);
    commands.push({ name, params, sentAt, ack, endedAt: Date.now(), messagesBefore: results.length });
  }
  return { commands, results };
}

/** What a storm shows of the promises: nothing else of it needs to be looked at. */
export interface StormFindings {
  /** Largest time between two results of a room while no command named it, over its interval. */
  readonly untouchedRatio: number;
  /** Largest `gap_ms` of a named room beyond its interval, ms. */
  readonly namedExcessMs: number;
  /** Rooms whose gap was `null`. */
  readonly unmeasured: number;
  readonly doubled: number;
  /** Results of a model that had been replaced when the command was completed. */
  readonly stale: number;
  readonly completed: number;
  readonly refused: number;
}

export function judgeStorm(storm: Storm, fps: number): StormFindings {
  const intervalMs = 1000 / fps;
  const gaps = storm.commands.flatMap(({ ack }) =>
    Object.values((ack.result?.gap_ms ?? {}) as Record<string, number | null>),
  );
  const measured = gaps.filter((gap) => gap !== null);
  return {
    untouchedRatio: largestUntouchedGap(storm) / intervalMs,
    namedExcessMs: Math.max(0, ...measured) - intervalMs,
    unmeasured: gaps.length - measured.length,
    doubled:
      storm.results.length - new Set(storm.results.map(({ sourceId, frameAt }) => `${sourceId} ${frameAt}`)).size,
    stale: staleResults(storm),
    completed: storm.commands.filter(({ ack }) => ack.ack_status === 'completed').length,
    refused: storm.commands.filter(({ ack }) => ack.ack_status === 'error').length,
  };
}

/** A refused command touches nobody, so only completed ones excuse a gap. */
function largestUntouchedGap({ commands, results }: Storm): number {
  let largest = 0;
  const last = new Map<number, number>();
  for (const { sourceId, at } of results) {
    const before = last.get(sourceId);
    last.set(sourceId, at);
    if (before === undefined) continue;
    const touched = commands.some(
      ({ params, ack, sentAt, endedAt }) =>
        params.source_id === sourceId && ack.ack_status === 'completed' && sentAt < at && endedAt > before,
    );
    if (!touched) largest = Math.max(largest, at - before);
  }
  return largest;
}

function staleResults({ commands, results }: Storm): number {
  let stale = 0;
  commands.forEach(({ name, params, ack, messagesBefore }, index) => {
    if (name !== 'change_model' || ack.ack_status !== 'completed') return;
    const next = commands
      .slice(index + 1)
      .find((later) => later.name === 'change_model' && later.params.source_id === params.source_id);
    const until = next === undefined ? results.length : resultsBefore(commands, next);
    const own = results.slice(messagesBefore, until).filter(({ sourceId }) => sourceId === params.source_id);
    stale += own.filter(({ modelId }) => modelId !== params.model_id).length;
  });
  return stale;
}

/** How many results had come when a command was sent: those of the command before it. */
function resultsBefore(commands: readonly StormCommand[], command: StormCommand): number {
  return commands[commands.indexOf(command) - 1]?.messagesBefore ?? 0;
}
