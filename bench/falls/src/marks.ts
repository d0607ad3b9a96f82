import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Clip } from './clip-list.ts';

const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);

const marksSchema = z.record(
  z.string(),
  z.strictObject({
    /** Height of the hips in the picture, share of its height from the top: while the person stands or sits, and on the floor. */
    hips: z.strictObject({ upright: z.number().optional(), lying: z.number().optional() }).optional(),
    /** Second of the clip → boxes (x1, y1, x2, y2, shares of the picture) of all people in it. */
    people: z.record(z.string(), z.array(box)).optional(),
    /** Where the source gives no times (care homes): marked by eye. */
    fall_start_s: z.number().optional(),
    on_floor_from_s: z.number().optional(),
  }),
);

/** What was marked by hand beyond the labels of the data sets: clip name → marks. */
export type Marks = z.infer<typeof marksSchema>;

/** Reads the marks. Throws with a sentence for a file that does not hold marks. */
export function readMarks(file: string): Marks {
  const parsed = marksSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} does not hold marks: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Gives times to falls whose source has none. */
export function withTimes(clip: Clip, marks: Marks): Clip {
  const { fall_start_s, on_floor_from_s } = marks[clip.name] ?? {};
  return {
    ...clip,
    fall_start_s: clip.fall_start_s ?? fall_start_s,
    on_floor_from_s: clip.on_floor_from_s ?? on_floor_from_s,
  };
}
