import { z } from 'zod';
import { nameSchema, recordSchema, sentenceSchema } from './fields.ts';

const found = {
  check: nameSchema,
  detail: sentenceSchema,
  figures: recordSchema(z.union([z.number(), nameSchema])).optional(),
};

/**
 * What one check of `vigilia doctor` or of the command `check_camera` found, and what to do about it: nothing that is wrong goes without a
 * code and a remedy. `skipped`: not asked for or not there by design; `warning`: it works, but not well.
 */
const findingSchema = z.union([
  z.object({
    ...found,
    result: z.enum(['ok', 'skipped']),
    code: nameSchema.optional(),
    remedy: sentenceSchema.optional(),
  }),
  z.object({ ...found, result: z.enum(['warning', 'failed']), code: nameSchema, remedy: sentenceSchema }),
]);
export type Finding = z.infer<typeof findingSchema>;
