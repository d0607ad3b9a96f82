import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type PolicyInput, policySchema } from '@vigilia/protocol';
import { UsageError } from '@vigilia/service';
import { parse, stringify } from 'yaml';

/** Rooms that the demonstration's processors watch; the clips of 8 to 12 are spare, so that `add_stream` can be tried. */
const watchedRooms = [0, 1, 2, 3, 4, 5, 6, 7];

export interface Demo {
  readonly rooms: readonly number[];
  readonly modelId: string;
  readonly preciseModelId: string;
  readonly streamServer: string;
  readonly mediaDir: string;
  /** The demonstration's policy with other rooms, models or rates than its own. */
  policyText(change: { rooms: readonly number[]; modelId: string; preciseModelId: string; maxFps: number }): string;
}

/**
 * Reads `demo/demo.yaml` and the rooms' clips.
 * @throws UsageError when they are not there or do not fit the policy's schema.
 */
export function readDemo(folder: string): Demo {
  const file = `${folder}/demo.yaml`;
  if (!existsSync(file)) {
    throw new UsageError({
      code: 'demo_missing',
      message: `The demonstration's files are missing: ${file}.`,
      remedy: 'Run this in a clone of the repository, or give --stream-server.',
    });
  }
  const written = parse(readFileSync(file, 'utf8')) as PolicyInput;
  const policy = policySchema.parse(written);
  const mediaDir = `${folder}/rooms`;
  return {
    rooms: watchedRooms,
    modelId: policy.quiet.model_id ?? 'movenet',
    preciseModelId: policy.incident.model_id ?? 'movenet-precise',
    streamServer: `${pathToFileURL(mediaDir).href}/{source_id}.mp4`,
    mediaDir,
    policyText: ({ rooms, modelId, preciseModelId, maxFps }) =>
      stringify({
        ...written,
        rooms: Object.fromEntries(
          rooms.map((room) => [String(room), written.rooms?.[String(room)] ?? { home: 'processor-a' }]),
        ),
        quiet: { ...written.quiet, model_id: modelId, max_fps: maxFps },
        incident: { ...written.incident, model_id: preciseModelId },
      }),
  };
}
