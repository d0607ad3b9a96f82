import { z } from 'zod';
import { calibrationSchema } from '../calibration/model-calibration.ts';
import { modelLayouts } from './model-description.ts';

/**
 * The optional `<model_id>.json` beside `<model_id>.onnx`. Every field is optional and takes precedence over the file's
 * own metadata and over what the shapes suggest; unknown fields are ignored. Described for users in docs/models.md.
 */
export const modelJsonSchema = z.object({
  layout: z.enum(modelLayouts).optional(),
  /** Input size in pixels; needed only where the model's own shape is free. */
  width: z.int().min(32).max(4096).optional(),
  height: z.int().min(32).max(4096).optional(),
  /** Resizable inputs: how many times larger than usual people may be shown where they are small; it costs its square. */
  maxInputFactor: z.number().min(1).max(4).optional(),
  channelOrder: z.enum(['nchw', 'nhwc']).optional(),
  colour: z.enum(['rgb', 'bgr']).optional(),
  /** Range that the model expects its pixels in; `imagenet`: 0..1 with ImageNet's mean and deviation. */
  scale: z.enum(['0..1', '0..255', 'imagenet']).optional(),
  /** Names in the order of the class ids, or `coco` for the 80 classes of COCO. */
  labels: z.union([z.literal('coco'), z.array(z.string().min(1)).min(1)]).optional(),
  /** Further labels that mean a person, such as `["standing", "lying"]`. */
  personLabels: z.array(z.string().min(1)).min(1).optional(),
  /** Number of joints and numbers per joint (2: x, y; 3: with visibility). */
  kptShape: z.tuple([z.int().min(1).max(1000), z.union([z.literal(2), z.literal(3)])]).optional(),
  /** Names of the joints in the model's order; those of COCO are used. */
  kptNames: z.array(z.string().min(1)).min(1).optional(),
  passes: z
    .array(z.union([z.literal(0), z.literal(90), z.literal(-90)]))
    .min(1)
    .max(3)
    .refine(
      (passes) => passes[0] === 0 && new Set(passes).size === passes.length,
      'must begin with 0 and name each turn once',
    )
    .optional(),
  /** What the model's confidences mean, as `vigilia models check --pictures FOLDER --save` measures it. */
  calibration: calibrationSchema.optional(),
  /** For people: where the weights come from, their licence. */
  note: z.string().optional(),
});

export type ModelJson = z.infer<typeof modelJsonSchema>;
