import type { Zone } from '@vigilia/vision';

type Point = readonly [x: number, y: number];

/** What a disturbance must know of a clip: the size of its picture in pixels, and where a cut goes (share of the height). */
export interface PictureToDisturb {
  readonly width: number;
  readonly height: number;
  readonly hips: number;
}

/** A whole clip filmed under worse conditions: made with ffmpeg, then judged like any other clip. */
export interface Disturbance {
  readonly id: string;
  readonly title: string;
  /** ffmpeg's `-vf`. */
  readonly filter: (picture: PictureToDisturb) => string;
  /** Constant rate factor of x264. */
  readonly crf: number;
  /** Where a point of the picture (0..1) goes. */
  readonly move: (point: Point, picture: PictureToDisturb) => Point;
  /** The cut goes through the hips of the person on the floor, or of the person who still stands or sits. */
  readonly cut?: 'lying' | 'upright';
  /** Judged only by its false alarms: the fall itself is out of the picture. */
  readonly quietOnly?: boolean;
}

/** Constant rate factor of x264 that cannot be distinguished from the original. */
export const visuallyLossless = 14;
const stay = (point: Point): Point => point;
const even = (pixels: number): number => Math.max(2, 2 * Math.round(pixels / 2));

/** The storage format of CIF: 11:9, with pixels that are not square. */
const cif = { width: 352, height: 288 };

function tilted(id: string, degrees: number): Disturbance {
  const angle = (degrees * Math.PI) / 180;
  return {
    id,
    title: `tilted ${degrees > 0 ? '+' : '−'}${Math.abs(degrees)}°`,
    crf: visuallyLossless,
    // The corners that come into view repeat the picture's edge: black ones would be a hint that no camera gives.
    filter({ width, height }) {
      const [x, y] = [even(width * 0.2), even(height * 0.2)];
      const pad = `pad=${width + 2 * x}:${height + 2 * y}:${x}:${y}`;
      const smear = `fillborders=left=${x}:right=${x}:top=${y}:bottom=${y}:mode=smear`;
      return `${pad},${smear},rotate=${angle.toFixed(6)}:ow=${width}:oh=${height}`;
    },
    move([x, y], { width, height }) {
      const [dx, dy] = [(x - 0.5) * width, (y - 0.5) * height];
      const turnedX = dx * Math.cos(angle) - dy * Math.sin(angle);
      const turnedY = dx * Math.sin(angle) + dy * Math.cos(angle);
      return [0.5 + turnedX / width, 0.5 + turnedY / height];
    },
  };
}

function cutAtHips(id: string, cut: 'lying' | 'upright', title: string): Disturbance {
  return {
    id,
    title,
    crf: visuallyLossless,
    cut,
    filter: ({ width, height, hips }) => `crop=${even(width)}:${even(height * hips)}:0:0`,
    move: ([x, y], { height, hips }) => [x, Math.min(1, (y * height) / even(height * hips))],
    quietOnly: cut === 'upright',
  };
}

function cifPixels(id: string, flagged: boolean, title: string): Disturbance {
  return {
    id,
    title,
    crf: visuallyLossless,
    filter({ width, height }) {
      const aspect = flagged ? `${width * cif.height}/${height * cif.width}` : '1';
      return `scale=${cif.width}:${cif.height},setsar=${aspect}`;
    },
    move: stay,
  };
}

/** In the order of the report. */
export const disturbances: readonly Disturbance[] = [
  {
    id: 'mirrored',
    title: 'mirrored',
    crf: visuallyLossless,
    filter: () => 'hflip',
    move: ([x, y]) => [1 - x, y],
  },
  tilted('tilted-plus-10', 10),
  tilted('tilted-minus-10', -10),
  {
    id: 'half-resolution',
    title: 'half the resolution',
    crf: visuallyLossless,
    filter: ({ width, height }) => `scale=${even(width / 2)}:${even(height / 2)}`,
    move: stay,
  },
  {
    id: 'half-size',
    title: 'people half as large (grey round the picture)',
    crf: visuallyLossless,
    filter: ({ width, height }) =>
      `scale=${even(width / 2)}:${even(height / 2)},pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:color=0x727272`,
    move: ([x, y]) => [0.25 + x / 2, 0.25 + y / 2],
  },
  cutAtHips('cut-at-hips', 'lying', 'lower edge at the hips of the person on the floor'),
  cutAtHips('cut-at-hips-upright', 'upright', 'lower edge at the hips of the person who stands or sits (quiet only)'),
  cifPixels('cif-flagged', true, '11:9 pixels, flagged'),
  cifPixels('cif-unflagged', false, '11:9 pixels, not flagged'),
  {
    id: 'night',
    title: 'night: a quarter of the light, grey, noise',
    crf: 26,
    filter: () => "lutyuv=y='16+(val-16)/4':u=128:v=128,noise=all_seed=7:alls=22:allf=t",
    move: stay,
  },
  {
    id: 'compressed',
    title: 'heavy compression (x264, crf 45)',
    crf: 45,
    filter: () => 'null',
    move: stay,
  },
];

/** The zones of a room as they lie in the disturbed picture. */
export function moveZones(
  zones: readonly Zone[] | undefined,
  disturbance: Disturbance,
  picture: PictureToDisturb,
): Zone[] | undefined {
  return zones?.map(({ kind, points }) => ({
    kind,
    points: points.map(([x, y]) => {
      const [movedX, movedY] = disturbance.move([x, y], picture);
      return [clamp(movedX), clamp(movedY)] as const;
    }),
  }));
}

const clamp = (share: number): number => Math.min(1, Math.max(0, share));
