/**
 * A processor that a test kills with SIGKILL: monitors the addresses given as arguments and prints the pids of its children, once
 * each of them has one.
 * Usage: node … doomed-processor.ts MODELS_DIR MEDIA_DIR MODEL_ID ADDRESS…
 */
import { systemClock } from '@vigilia/service';
import { silentLogger } from '@vigilia/testing';
import { createRoomParts } from '../room/create-room-parts.ts';
import { findFfmpeg } from '../stream/find-ffmpeg.ts';
import { usualSpec } from './usual-spec.ts';

const [modelsDir = '', mediaDir = '', modelId = '', ...addresses] = process.argv.slice(2);
const parts = createRoomParts({
  clock: systemClock,
  logger: silentLogger(),
  modelsDir,
  mediaDir,
  modelThreads: 1,
  ffmpeg: findFfmpeg(),
  identity: { instanceId: 'doomed', bootId: 'boot' },
  replays: { observe: () => {} },
  output: { detections: () => {}, event: () => {}, room: () => {} },
});
const model = await parts.loadModel(modelId, new AbortController().signal);
const streams = addresses.map((address, sourceId) => {
  const { width, height } = model.description;
  const stream = parts.openStream(usualSpec(address, { sourceId, width, height }));
  stream.start();
  const settings = { maxFps: 1, confidence: 0.25, tracking: true, zones: [] };
  parts.monitorRoom({ sourceId, stream, model, settings });
  return stream as typeof stream & { readonly pid?: number };
});
const looking = setInterval(() => {
  const pids = [model.stats.pid, ...streams.map(({ pid }) => pid)];
  if (pids.includes(undefined)) return;
  clearInterval(looking);
  process.stdout.write(`${JSON.stringify(pids)}\n`);
}, 100);
