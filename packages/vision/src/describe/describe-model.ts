import { z } from 'zod';
import { withPersonClass } from '../model/class-names.ts';
import { cocoCategoryLabels, cocoLabels } from '../model/coco-labels.ts';
import {
  type ModelDescription,
  ModelDescriptionError,
  type ModelInputDescription,
  type ModelMetadata,
  type PixelCoding,
} from '../model/model-description.ts';
import { type ModelJson, modelJsonSchema } from '../model/model-json.ts';
import { type FormatProposal, rgbImageNet } from './format-proposal.ts';
import { type ModelFacts, readFacts } from './model-facts.ts';
import { describeInput, imageInput } from './model-input.ts';
import { knownLayouts, proposeFormats } from './propose-formats.ts';

/**
 * Joins what the model file contains (names and shapes as in `session.inputMetadata`, `metadata_props`) with the optional JSON
 * beside it. Returns every way in which the model may be fed and read, likeliest first; mostly one.
 * Throws `ModelDescriptionError` (`model_invalid`) for unknown shapes, a model without a person class, a wrong JSON, or a
 * contradiction between them.
 */
export function proposeDescriptions(metadata: ModelMetadata, json?: unknown): readonly ModelDescription[] {
  const facts = readFacts(metadata.properties ?? {}, parseJson(json));
  const input = imageInput(metadata);
  const { layout } = facts.json;
  const known = proposeFormats(metadata, input, facts);
  const proposals = layout === undefined ? known : known.filter((proposal) => proposal.layout === layout);
  if (proposals.length === 0) throw unknownLayout(metadata, layout);
  const common = {
    ...describeInput(metadata, input, facts),
    outputs: metadata.outputs,
    calibration: facts.json.calibration,
    passes: facts.json.passes ?? ([0] as const),
  };
  const descriptions = proposals.map((proposal) => ({
    ...common,
    ...pixelCoding(proposal.pixels, facts.json),
    layout: proposal.layout,
    mirrorsEverySecondFrame: proposal.layout === 'movenet',
    format: proposal.format,
    labels: withPersonClass(labelsFor(proposal, facts), facts.json.personLabels),
  }));
  return distinct(descriptions);
}

/** Returns how the input of a model is filled. Throws `ModelDescriptionError` like `proposeDescriptions`. */
export function describeModelInput(metadata: ModelMetadata, json?: unknown): ModelInputDescription {
  return describeInput(metadata, imageInput(metadata), readFacts(metadata.properties ?? {}, parseJson(json)));
}

/** The likeliest of `proposeDescriptions`. */
export function describeModel(metadata: ModelMetadata, json?: unknown): ModelDescription {
  const [description] = proposeDescriptions(metadata, json);
  if (description === undefined) throw unknownLayout(metadata, undefined);
  return description;
}

function parseJson(json: unknown): ModelJson {
  const parsed = modelJsonSchema.safeParse(json ?? {});
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(whole file)'}: ${issue.message}`);
  throw new ModelDescriptionError(`The JSON beside the model is wrong: ${where.join('; ')}.`, {
    cause: z.treeifyError(parsed.error),
  });
}

function unknownLayout({ outputs }: ModelMetadata, layout: string | undefined): ModelDescriptionError {
  const shapes = outputs.map(({ name, shape }) => `${name} [${shape.join(',')}]`).join(', ') || '(none)';
  return new ModelDescriptionError(
    layout === undefined
      ? `The model's outputs ${shapes} are of no known layout (${knownLayouts}); export it in one of these, see docs/models.md.`
      : `The JSON beside the model names the layout "${layout}", but the outputs ${shapes} do not have its shape; remove "layout" or export the model in that layout, see docs/models.md.`,
  );
}

function pixelCoding(usual: PixelCoding, { colour, scale }: ModelJson): PixelCoding {
  const coding =
    scale === undefined ? usual : scale === 'imagenet' ? rgbImageNet : { scale: scale === '0..1' ? 1 / 255 : 1 };
  return { ...usual, normalise: undefined, ...coding, colour: colour ?? usual.colour };
}

function labelsFor({ classes }: FormatProposal, { labels }: ModelFacts): readonly string[] {
  if (labels !== undefined) {
    if (classes === undefined || classes === labels.length) return labels;
    throw new ModelDescriptionError(
      `The model has names for ${labels.length} classes, but its output has scores for ${classes}; give all names as "labels" in the JSON beside the model.`,
    );
  }
  if (classes === undefined || classes === cocoLabels.length) return cocoLabels;
  if (classes === cocoCategoryLabels.length) return cocoCategoryLabels;
  // One class and no names given: a person detector is by far the likeliest, and the only one of use here.
  if (classes === 1) return ['person'];
  throw new ModelDescriptionError(
    `The model has ${classes} classes that are not COCO's 80; name them as "labels" in the JSON beside it.`,
  );
}

/** The JSON may make several proposals the same. */
function distinct(descriptions: readonly ModelDescription[]): readonly ModelDescription[] {
  const byContent = new Map(descriptions.map((description) => [JSON.stringify(description), description]));
  return [...byContent.values()];
}
