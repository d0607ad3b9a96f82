import type { ModelLayout, PixelCoding, TensorMetadata } from '../model/model-description.ts';
import type { RowChannels, RowFormat } from '../model/row-format.ts';

/** One way in which a model could be fed and read. */
export interface FormatProposal {
  readonly layout: ModelLayout;
  /** Absent for heat maps. */
  readonly format?: RowFormat;
  readonly pixels: PixelCoding;
  /** Number of classes; undefined where the output has class ids only. */
  readonly classes: number | undefined;
}

/** What the published exports expect: RGB 0..1 (Ultralytics, RT-DETR, D-FINE), BGR 0..255 (Megvii's and OpenMMLab's). */
export const rgbShares: PixelCoding = { colour: 'rgb', scale: 1 / 255 };
export const rgbBytes: PixelCoding = { colour: 'rgb', scale: 1 };
export const bgrBytes: PixelCoding = { colour: 'bgr', scale: 1 };
/** RF-DETR: 0..1 with the mean and deviation of ImageNet (torchvision). */
export const rgbImageNet: PixelCoding = {
  colour: 'rgb',
  scale: 1 / 255,
  normalise: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
};

/** All numbers of an object in an output. */
export function channelsOf(output: TensorMetadata, objects: RowChannels['objects'], numbers: number): RowChannels {
  return { output: output.name, objects, numbers, first: 0, count: numbers };
}

export function part(all: RowChannels, first: number, count: number): RowChannels {
  return { output: all.output, objects: all.objects, numbers: all.numbers, first, count };
}

/** The same format read in pixels, and in shares of the frame's sides: exporters do both in the same shape. */
export function bothUnits(proposal: FormatProposal & { readonly format: RowFormat }): FormatProposal[] {
  const { format } = proposal;
  return [
    { ...proposal, format: { ...format, unit: 'pixels' } },
    { ...proposal, format: { ...format, unit: 'share' } },
  ];
}
