import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Detection } from '@vigilia/vision';
import { fileHash } from './file-hash.ts';

/** Changes when frames get other noise, another letterbox or another decoder than before (`verify-cache.ts` notices). */
const version = 4;

type Stored = readonly [confidence: number, x1: number, y1: number, x2: number, y2: number, joints?: readonly number[]];

/** Detections of one clip by one model on disk: by frame, disturbance and turn. */
export interface DetectionCache {
  get(key: string): Detection[] | undefined;
  set(key: string, detections: readonly Detection[]): void;
  /** Writes what is new. */
  flush(): void;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

function pack({ confidence, box, keypoints }: Detection): Stored {
  const numbers = [
    round(confidence, 3),
    round(box.x1, 1),
    round(box.y1, 1),
    round(box.x2, 1),
    round(box.y2, 1),
  ] as const;
  return keypoints
    ? [...numbers, keypoints.flatMap(({ x, y, visibility }) => [round(x, 1), round(y, 1), round(visibility, 2)])]
    : numbers;
}

function unpack([confidence, x1, y1, x2, y2, joints]: Stored): Detection {
  const keypoints =
    joints &&
    Array.from({ length: joints.length / 3 }, (_, joint) => {
      const [x = 0, y = 0, visibility = 0] = joints.slice(joint * 3, joint * 3 + 3);
      return { x, y, visibility };
    });
  return { classId: 0, className: 'person', confidence, box: { x1, y1, x2, y2 }, keypoints };
}

/**
 * Opens the detections of one model in one clip. All models, input sizes and clips may share a folder: other weights, another input
 * size and another film of the same name have files of their own.
 */
export function openCache(
  folder: string,
  model: { readonly id: string; readonly hash: string; readonly width: number; readonly height: number },
  clip: { readonly name: string; readonly path: string },
): DetectionCache {
  const film = fileHash(clip.path).slice(0, 12);
  const name = clip.name.replace(/[^A-Za-z0-9._-]+/g, '_');
  const looks = `${model.id}-${model.hash}-${model.width}x${model.height}-v${version}`;
  const file = join(folder, looks, `${name}-${film}.json`);
  const stored: Record<string, Stored[]> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const unpacked = new Map<string, Detection[]>();
  let dirty = false;
  return {
    get(key) {
      const known = unpacked.get(key) ?? stored[key]?.map(unpack);
      if (known) {
        unpacked.set(key, known);
      }
      return known;
    },
    set(key, detections) {
      stored[key] = detections.map(pack);
      dirty = true;
    },
    flush() {
      if (!dirty) return;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.${process.pid}.part`, JSON.stringify(stored));
      renameSync(`${file}.${process.pid}.part`, file);
      dirty = false;
    },
  };
}
