import { z } from 'zod';
import { instanceIdSchema, modelIdSchema, modelSha256Schema, timestampSchema } from './fields.ts';

/** `nvr/models/{model_id}`, retained: the files that a processor loaded under this id, until another one loads others. */
export const modelStateSchema = z.object({
  model_id: modelIdSchema,
  sha256: modelSha256Schema,
  instance_id: instanceIdSchema,
  /** When these files were first loaded, by the clock of that processor. */
  since: timestampSchema,
});
export type ModelState = z.infer<typeof modelStateSchema>;
