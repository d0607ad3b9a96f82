import { namesInFile } from '../model/class-names.ts';
import { cocoLabels } from '../model/coco-labels.ts';
import { ModelDescriptionError } from '../model/model-description.ts';
import type { ModelJson } from '../model/model-json.ts';

/** The facts about a model from the JSON beside it and the file's metadata; the JSON takes precedence. */
export interface ModelFacts {
  readonly json: ModelJson;
  readonly labels: readonly string[] | undefined;
  /** Number of joints and numbers per joint. */
  readonly jointShape: readonly [count: number, numbers: 2 | 3] | undefined;
  readonly jointNames: readonly string[] | undefined;
  /** Input size the file was exported for, px; counts where the shape is free. */
  readonly imageSize: { readonly width: number; readonly height: number } | undefined;
}

const usableTasks = ['detect', 'pose', 'segment'];

/**
 * Reads a file's metadata as Ultralytics writes it (`names`, `task`, `kpt_shape`, `kpt_names`, `imgsz`; names also under
 * the keys of other exporters) and puts the JSON beside the model above it.
 * Throws `ModelDescriptionError` for a task that finds no upright boxes and for class names that cannot be read.
 */
export function readFacts(properties: Readonly<Record<string, string>>, json: ModelJson): ModelFacts {
  const { task } = properties;
  if (task !== undefined && !usableTasks.includes(task)) {
    throw new ModelDescriptionError(
      `The model was made for the task "${task.slice(0, 40)}"; Vigilia needs one for ${usableTasks.join(', ')}.`,
    );
  }
  const labels = json.labels === 'coco' ? cocoLabels : json.labels;
  return {
    json,
    labels: labels ?? namesInFile(properties),
    jointShape: json.kptShape ?? (task === 'detect' ? undefined : jointShapeInFile(properties.kpt_shape)),
    jointNames: json.kptNames ?? jointNamesInFile(properties.kpt_names),
    imageSize: imageSizeInFile(properties.imgsz),
  };
}

function jointShapeInFile(text: string | undefined): ModelFacts['jointShape'] {
  const [, count, numbers] = /(\d+)\D+([23])\b/.exec(text ?? '') ?? [];
  return count === undefined ? undefined : [Number(count), numbers === '2' ? 2 : 3];
}

/** Ultralytics keeps the joints' names per class: `{0: ['nose', 'left_eye', …]}`. */
function jointNamesInFile(text: string | undefined): readonly string[] | undefined {
  const [first] = /\[[^\]]*\]/.exec(text ?? '') ?? [];
  const names = [...(first ?? '').matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, a, b]) => a ?? b ?? '');
  return names.length > 0 ? names : undefined;
}

/** `[height, width]` or one side. */
function imageSizeInFile(text: string | undefined): ModelFacts['imageSize'] {
  const [height, width = height] = (text ?? '').match(/\d+/g)?.map(Number) ?? [];
  const usable = (side: number | undefined): side is number => side !== undefined && side >= 32 && side <= 4096;
  return usable(height) && usable(width) ? { width, height } : undefined;
}
