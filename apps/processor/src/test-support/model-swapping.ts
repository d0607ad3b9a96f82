import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Ack, createTopics } from '@vigilia/protocol';
import { endProcess } from '@vigilia/service';
import { collect, connectBus, makeClip, makeModel, repoRoot, startBroker, tempFolder } from '@vigilia/testing';
import { residentMb } from './tree-memory.ts';

const topics = createTopics();

/**
 * Swaps the model of a whole processor by command, over and over, and measures the resident memory of its process tree after
 * each swap, MB. The processor is the built one: a compiler in the process would have a memory of its own.
 */
export async function swapModels(swaps: number): Promise<number[]> {
  await using folder = await tempFolder('swaps');
  for (const id of ['one', 'other']) {
    await makeModel({ file: folder.file(`${id}.onnx`), size: 320 });
  }
  await makeClip({ file: folder.file('0.mp4'), seconds: 10, fps: 5, gop: 5, size: '320x180' });
  const broker = await startBroker();
  const client = await connectBus(broker.url);
  const acks = await collect(client, topics.ackShared);
  const detections = await collect(client, topics.detectionsAny);
  const places = ['--models-dir', folder.path, '--media-dir', folder.path];
  const cameras = ['--stream-server', `file://${folder.path}/{source_id}.mp4`, '--streams', '0', '--frozen-after', '0'];
  const rest = [
    '--mqtt-url',
    broker.url,
    '--enable-control',
    '--model',
    'one',
    '--max-fps',
    '1',
    '--model-threads',
    '1',
  ];
  const main = join(repoRoot, 'apps', 'processor', 'dist', 'main.js');
  const processor = spawn(process.execPath, [main, ...places, ...cameras, ...rest], { stdio: 'ignore' });
  const pid = processor.pid ?? 0;
  const swapTo = async (modelId: string, id: string): Promise<void> => {
    void client.publish(topics.commands, { command: 'change_model', params: { model_id: modelId }, command_id: id });
    const final = await acks.next(({ body }) => body?.command_id === id && body.ack_status !== 'received', 60_000);
    const { ack_status, message } = final.body as Ack;
    if (ack_status !== 'completed') throw new Error(`swap ${id}: ${message}`);
  };
  try {
    await detections.next(undefined, 60_000);
    const megabytes: number[] = [];
    for (let swap = 0; swap < swaps; swap++) {
      await swapTo(swap % 2 === 0 ? 'other' : 'one', `swap-${swap}`);
      megabytes.push(residentMb(pid));
    }
    return megabytes;
  } finally {
    await endProcess(processor, { graceMs: 10_000 });
    await client.stop();
    await broker.stop();
  }
}

/** Median of the twenty values that follow a place: single looks may catch a host on its way out. */
export function medianAfter(values: readonly number[], from: number): number {
  const sorted = values.slice(from, from + 20).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
