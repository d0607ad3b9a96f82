import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Zone } from '@vigilia/vision';
import { z } from 'zod';

const zoneSchema = z
  .object({
    kind: z.enum(['bed', 'sofa', 'floor_mat', 'exit', 'ignore']),
    polygon: z.array(z.tuple([z.number(), z.number()])).optional(),
    points: z.array(z.tuple([z.number(), z.number()])).optional(),
  })
  .transform(({ kind, polygon, points }) => ({ kind, points: points ?? polygon ?? [] }));

const clipSchema = z.object({
  file: z.string(),
  set: z.string().default('other'),
  /** `fall_recovered`: up again before the alarm's time. Only `fall` must alarm. */
  kind: z.enum(['fall', 'adl', 'fall_to_bed', 'fall_recovered']),
  fall_start_s: z.number().nullish(),
  on_floor_from_s: z.number().nullish(),
  /** Absent = never configured. */
  zones: z.array(zoneSchema).nullish(),
  note: z.string().optional(),
});

/** One labelled clip; `path` is where the file really is, `name` how it is called in reports and caches. */
export interface Clip extends Omit<z.infer<typeof clipSchema>, 'file' | 'zones'> {
  /** Absent = never configured. */
  readonly zones?: readonly Zone[] | null | undefined;
  readonly name: string;
  readonly path: string;
}

/** Reads a clip list; files are relative to the list or to the data folder. Throws with a sentence that names the clip. */
export function readClips(listFile: string, dataFolder: string): Clip[] {
  const parsed = z.array(clipSchema).safeParse(JSON.parse(readFileSync(listFile, 'utf8')));
  if (!parsed.success) throw new Error(`${listFile} is not a clip list: ${z.prettifyError(parsed.error)}`);
  return parsed.data.map(({ file, ...clip }) => {
    const path = [dirname(resolve(listFile)), dataFolder]
      .map((folder) => join(folder, file))
      .find((one) => existsSync(one));
    if (!path) throw new Error(`The clip ${file} is neither beside ${listFile} nor in the data folder.`);
    return { ...clip, name: file, path };
  });
}
