// no value of another package is imported here: the page draws with this file and loads nothing else for it
import type { Replay, ReplayMoment, ReplayPerson, ZoneKind } from '@vigilia/protocol';
import { symbolGrid, zoneSymbols } from './zone-symbols.ts';

/** A point on the replay's grid. */
type Point = readonly [x: number, y: number];

/** Places of the joints in `ReplayPerson.joints` (of two numbers each), in the order of `replayJoints`. */
const joint = {
  nose: 0,
  leftShoulder: 1,
  rightShoulder: 2,
  leftElbow: 3,
  rightElbow: 4,
  leftWrist: 5,
  rightWrist: 6,
  leftHip: 7,
  rightHip: 8,
  leftKnee: 9,
  rightKnee: 10,
  leftAnkle: 11,
  rightAnkle: 12,
} as const;

const bones: readonly (readonly [number, number])[] = [
  [joint.leftShoulder, joint.rightShoulder],
  [joint.leftShoulder, joint.leftElbow],
  [joint.leftElbow, joint.leftWrist],
  [joint.rightShoulder, joint.rightElbow],
  [joint.rightElbow, joint.rightWrist],
  [joint.leftShoulder, joint.leftHip],
  [joint.rightShoulder, joint.rightHip],
  [joint.leftHip, joint.rightHip],
  [joint.leftHip, joint.leftKnee],
  [joint.leftKnee, joint.leftAnkle],
  [joint.rightHip, joint.rightKnee],
  [joint.rightKnee, joint.rightAnkle],
];

/** Grey tones only, and lines that differ by width and dashes: readable without colours. */
const ink = '#16262c';
const paper = '#ffffff';
const faint = '#6f7d83';
/** Outline and filling of each kind of zone; `ignore` is left empty, because nothing is observed there. */
const zoneStyles: Readonly<Record<ZoneKind, string>> = {
  bed: `fill="#dde4e7" stroke="${faint}"`,
  sofa: `fill="#e9eef0" stroke="${faint}"`,
  floor_mat: `fill="none" stroke="${faint}" stroke-dasharray="2 3"`,
  exit: `fill="none" stroke="${faint}" stroke-dasharray="8 3"`,
  ignore: `fill="none" stroke="${faint}" stroke-dasharray="1 5"`,
  thing: `fill="#f3f5f6" stroke="${faint}" stroke-dasharray="4 4"`,
};
/** A symbol takes this share of its zone, and is so many units wide. */
const symbolShare = 0.65;
const symbolWidths = { least: 12, most: 44 } as const;

export interface SketchOptions {
  readonly moment: ReplayMoment | undefined;
  /** An earlier moment, drawn thin and dashed below. */
  readonly before?: ReplayMoment | undefined;
  /** Names of the zones; left out where no font can be relied on. */
  readonly zoneName?: (kind: ZoneKind) => string;
}

/** Returns the drawing of one moment as the content of an SVG element with the replay's size as its view box. */
export function sketchContent(replay: Pick<Replay, 'size' | 'zones'>, options: SketchOptions): string {
  const { width, height } = replay.size;
  const room = `<rect width="${width}" height="${height}" fill="${paper}" stroke="${faint}" stroke-width="2"/>`;
  // a small zone is never under a large one
  const zones = replay.zones
    .toSorted((a, b) => areaOf(extentOf(b.points)) - areaOf(extentOf(a.points)))
    .map((zone) => zoneShape(zone, options.zoneName));
  const before = (options.before?.people ?? []).map((person) =>
    figure(person, { stroke: faint, width: 1.5, dash: '3 3' }),
  );
  const people = (options.moment?.people ?? []).map(personShape);
  return [room, ...zones, ...before, ...people].join('');
}

/** Returns the drawing as an SVG document of this width, px. */
export function sketchDocument(
  replay: Pick<Replay, 'size' | 'zones'>,
  options: SketchOptions,
  widthPx: number,
): string {
  const { width, height } = replay.size;
  const heightPx = Math.round((widthPx * height) / width);
  const attributes = `xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}"`;
  return `<svg ${attributes} viewBox="0 0 ${width} ${height}">${sketchContent(replay, options)}</svg>`;
}

/**
 * Returns the moments that one picture of a fall shows: the first one at or after the fall with a person on the floor, or else the
 * one nearest to the fall; and the last one before the fall that showed a person.
 */
export function momentsOfPicture({ moments }: Pick<Replay, 'moments'>): Pick<SketchOptions, 'moment' | 'before'> {
  const shown = moments.filter(({ people }) => people.length > 0);
  const low = shown.find(({ ms, people }) => ms >= 0 && people.some(({ posture }) => posture === 'low'));
  const nearest = shown.toSorted((a, b) => Math.abs(a.ms) - Math.abs(b.ms))[0];
  const moment = low ?? nearest;
  return { moment, before: shown.findLast((one) => one.ms < 0 && one !== moment) };
}

function zoneShape({ kind, points }: Replay['zones'][number], zoneName: SketchOptions['zoneName']): string {
  const corners = points.map((point) => point.join(',')).join(' ');
  const [x, y] = centreOf(points);
  const name = zoneName === undefined || kind === 'ignore' ? '' : escaped(zoneName(kind));
  const symbol = zoneSymbol(kind, { centre: [x, name === '' ? y : y - 7], extent: extentOf(points) });
  const label = `<text x="${x}" y="${y + 10}" font-size="10" text-anchor="middle" fill="${ink}">${name}</text>`;
  return `<polygon points="${corners}" ${zoneStyles[kind]}/>${symbol}${name === '' ? '' : label}`;
}

interface Extent {
  readonly width: number;
  readonly height: number;
}

function zoneSymbol(kind: ZoneKind, { centre, extent }: { readonly centre: Point; readonly extent: Extent }): string {
  const { width, height } = symbolGrid;
  const fitting = symbolShare * Math.min(extent.width, (extent.height * width) / height);
  const scale = Math.min(symbolWidths.most, Math.max(symbolWidths.least, fitting)) / width;
  const [x, y] = [centre[0] - (scale * width) / 2, centre[1] - (scale * height) / 2];
  const place = `transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${scale.toFixed(2)})"`;
  const pen = `fill="none" stroke="${faint}" stroke-width="${(1.5 / scale).toFixed(2)}" stroke-linejoin="round"`;
  return `<path d="${zoneSymbols[kind]}" ${place} ${pen}/>`;
}

function extentOf(points: readonly Point[]): Extent {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return { width: Math.max(...xs) - Math.min(...xs), height: Math.max(...ys) - Math.min(...ys) };
}

const areaOf = ({ width, height }: Extent): number => width * height;

/** A person on the floor has a thick figure in a thick box; others have thinner ones in a dashed box. */
function personShape(person: ReplayPerson): string {
  const low = person.posture === 'low';
  const [left, top, right, bottom] = person.box;
  const outline = low ? 'stroke-width="3"' : 'stroke-width="1.5" stroke-dasharray="5 3"';
  const size = `x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"`;
  const box = `<rect ${size} rx="3" fill="none" stroke="${ink}" ${outline}/>`;
  return `${box}${figure(person, { stroke: ink, width: low ? 5 : 3.5, dash: undefined })}`;
}

interface Pen {
  readonly stroke: string;
  readonly width: number;
  readonly dash: string | undefined;
}

function figure({ joints, box }: ReplayPerson, { stroke, width, dash }: Pen): string {
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash}"`;
  const pen = `stroke="${stroke}" stroke-width="${width}" stroke-linecap="round"${dashes}`;
  if (joints === undefined) return '';
  const pointOf = (number: number): Point | undefined => {
    const [x = -1, y = -1] = joints.slice(2 * number, 2 * number + 2);
    return x < 0 || y < 0 ? undefined : [x, y];
  };
  const line = (from: Point | undefined, to: Point | undefined): string =>
    from === undefined || to === undefined
      ? ''
      : `<line x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}" ${pen}/>`;
  const nose = pointOf(joint.nose);
  const neck = middle(pointOf(joint.leftShoulder), pointOf(joint.rightShoulder));
  const [left, top, right, bottom] = box;
  const radius = Math.max(3, Math.round(0.07 * Math.max(right - left, bottom - top)));
  const head =
    nose === undefined ? '' : `<circle cx="${nose[0]}" cy="${nose[1]}" r="${radius}" fill="${paper}" ${pen}/>`;
  return [...bones.map(([from, to]) => line(pointOf(from), pointOf(to))), line(nose, neck), head].join('');
}

function middle(one: Point | undefined, other: Point | undefined): Point | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
}

function centreOf(points: readonly Point[]): Point {
  const sum = points.reduce<Point>(([x, y], point) => [x + point[0], y + point[1]], [0, 0]);
  return [Math.round(sum[0] / points.length), Math.round(sum[1] / points.length)];
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character] ?? '');
