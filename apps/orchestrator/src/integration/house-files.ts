import { mkdir, writeFile } from 'node:fs/promises';
import type { PolicyInput } from '@vigilia/protocol';
import { ffmpegPath, makeClip, makeModel, type TempFolder } from '@vigilia/testing';
import { stringify } from 'yaml';

/** Two small models, one clip for every room, and a policy. */
export async function prepareFiles(
  folder: TempFolder,
  homes: Readonly<Record<string, readonly number[]>>,
  policy: Omit<PolicyInput, 'rooms'> | undefined,
): Promise<void> {
  await mkdir(folder.file('models'));
  await mkdir(folder.file('media'));
  await makeModel({ file: folder.file('models/light.onnx'), size: 320 });
  await makeModel({ file: folder.file('models/precise.onnx'), size: 320 });
  await makeClip({ file: folder.file('media/room.mp4'), size: '320x240', fps: 5, seconds: 10, gop: 5 });
  const rooms = Object.entries(homes).flatMap(([home, ids]) => ids.map((id) => [String(id), { home }] as const));
  const text = stringify({
    quiet: { model_id: 'light', max_fps: 0.5 },
    incident: { model_id: 'precise', max_fps: 1 },
    relief: { max_fps: 0.25 },
    ...policy,
    rooms: Object.fromEntries(rooms),
  });
  await writeFile(folder.file('policy.yaml'), text);
}

/** What processors are given besides their rooms. */
export function houseEnvironment(folder: TempFolder, mqttUrl: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    MQTT_URL: mqttUrl,
    MODELS_DIR: folder.file('models'),
    MEDIA_DIR: folder.file('media'),
    STREAM_SERVER: `file://${folder.file('media')}/room.mp4?{source_id}`,
    CLIP_CLOCK: String(Date.now()),
    FROZEN_AFTER: '0',
    MODEL: 'light',
    MODEL_THREADS: '1',
    ENABLE_CONTROL: 'true',
    FFMPEG_BIN: ffmpegPath() ?? 'ffmpeg',
  };
}
