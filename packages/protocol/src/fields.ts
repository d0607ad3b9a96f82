import { z } from 'zod';

/** Entries that an object or a list of a message may have. A site has at most 1,000 rooms. */
export const maxEntries = 2000;

/** An object with free keys: at most `maxEntries` of them, each of at most 128 characters. */
export function recordSchema<Value extends z.ZodType>(value: Value, key = z.string().max(128)) {
  return (
    z
      .record(key, value)
      .refine((record) => Object.keys(record).length <= maxEntries, `must have at most ${maxEntries} entries`)
      // for the documents, which do not see the refinement
      .meta({ maxProperties: maxEntries })
  );
}

/**
 * An object whose unknown fields are kept as they came: they belong to a newer version. The type shows the known ones only, so that a misspelt
 * field stays a mistake of the compiler.
 */
export function keepUnknown<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape> {
  return z.looseObject(shape) as unknown as z.ZodObject<Shape>;
}

/** A room: a camera, known only by its number. */
export const sourceIdSchema = z.int().min(0).max(1_000_000);

/** The number of a room as the key of an object. */
export const roomKeySchema = z.string().regex(/^\d{1,7}$/);

/** Topic levels that mean something else and so cannot be the name of a processor. */
export const reservedInstanceIds = ['ack', 'metrics', 'commands'] as const;

/** `[A-Za-z0-9._-]{1,64}`, and none of the reserved topic levels. */
export const instanceIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, underscores or hyphens')
  .refine((id) => !(reservedInstanceIds as readonly string[]).includes(id), {
    message: `must not be one of ${reservedInstanceIds.join(', ')}`,
  });

/** Name of an execution provider of ONNX Runtime: `cpu`, `webgpu`, `cuda`. */
export const providerSchema = z.string().regex(/^[a-z][a-z0-9]{0,31}$/, 'must be a name such as cpu, webgpu or cuda');

/**
 * SHA-256 of a model: of its ONNX file as `sha256sum` prints it, or, where other files belong to it (description, weights), of the lines that
 * `sha256sum` prints of all of them.
 */
export const modelSha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');

/** A model is a file name in MODELS_DIR without its ending; it can never leave that folder. */
export const modelIdSchema = z
  .string()
  .max(128)
  .regex(/^[A-Za-z0-9._-]+$/, 'must consist of letters, digits, dots, underscores and hyphens')
  .refine((id) => !/^\.+$/.test(id), { message: 'must not consist of dots alone' });

/** Analysed frames per second. */
export const maxFpsSchema = z.number().min(0.01).max(30);

export const confidenceSchema = z.number().min(0).max(1);

export const decodeSchema = z.enum(['auto', 'keyframes', 'full']);
export type Decode = z.infer<typeof decodeSchema>;

/** ISO 8601, UTC, milliseconds when we write it; any offset when we read it. */
export const timestampSchema = z.iso.datetime({ offset: true, local: false }).max(40);

export const commandIdSchema = z.string().min(1).max(128);
export const traceIdSchema = z.string().min(1).max(128);
export const eventIdSchema = z.string().min(1).max(128);
export const bootIdSchema = z.string().max(128);
export const incidentIdSchema = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);

/** Name of a processor, an orchestrator or a foreign sensor where it is shown and not used as a topic level. */
export const senderSchema = z.string().max(128);

/** A word or a name. */
export const nameSchema = z.string().max(128);

/** A sentence for people. */
export const sentenceSchema = z.string().max(4096);

/** What a person writes about an incident. */
export const verdictNoteSchema = z.string().max(1000);

/** How often something happened, or how long it took: never negative. */
export const amountSchema = z.number().min(0).max(Number.MAX_SAFE_INTEGER);

/** A length or a position in pixels of the camera's frame. */
export const pixelsSchema = z.number().min(-1_000_000).max(1_000_000);

/** A position in 0..1 of the frame. Boxes may reach a little beyond it. */
export const shareSchema = z.number().min(-10).max(10);

/** A box in 0..1 of the frame. */
export const placeSchema = z.object({ x1: shareSchema, y1: shareSchema, x2: shareSchema, y2: shareSchema });
export type FramePlace = z.infer<typeof placeSchema>;

/** A camera's address. Which schemes and folders are allowed is the processor's to decide (it knows MEDIA_DIR). */
export const uriSchema = z.string().min(1).max(2048);

/** Shape of a camera's frame before rotation, width:height, for a camera whose stream does not flag it: `16:9`, `4:3`, `1.85:1`. */
export const aspectSchema = z
  .string()
  .max(24)
  .regex(/^\d{1,5}(\.\d{1,4})?:\d{1,5}(\.\d{1,4})?$/, 'must be width:height, such as 16:9')
  .refine((aspect) => aspectRatio(aspect) >= 1 / 4 && aspectRatio(aspect) <= 4, {
    message: 'must be between 1:4 and 4:1',
  });

/** Returns width divided by height of an aspect: 1.78 for `16:9`. */
export function aspectRatio(aspect: string): number {
  const [width = 0, height = 0] = aspect.split(':').map(Number);
  return width / height;
}

/** Degrees by which a camera's frame is turned clockwise so that people stand upright in it. */
export const rotateSchema = z.literal([0, 90, 180, 270]);

/** Counts up with each orchestrator that takes over. */
export const termSchema = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
