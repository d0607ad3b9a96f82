import type { Zone, ZoneKind } from '@vigilia/protocol';

export const zoneKindChoices = [
  'bed',
  'sofa',
  'floor_mat',
  'exit',
  'ignore',
  'thing',
] as const satisfies readonly ZoneKind[];

export type ZoneEdit =
  | { readonly do: 'load'; readonly zones: readonly Zone[] }
  | { readonly do: 'add' }
  | { readonly do: 'remove'; readonly zone: number }
  | { readonly do: 'kind'; readonly zone: number; readonly kind: ZoneKind }
  | { readonly do: 'name'; readonly zone: number; readonly name: string }
  | { readonly do: 'move'; readonly zone: number; readonly corner: number; readonly x: number; readonly y: number }
  | { readonly do: 'add_corner'; readonly zone: number }
  /** A corner where the picture was clicked, in the nearest side. */
  | { readonly do: 'corner_at'; readonly zone: number; readonly x: number; readonly y: number }
  /** A zone that was drawn or suggested. */
  | { readonly do: 'add_drawn'; readonly zone: Zone }
  | { readonly do: 'remove_corner'; readonly zone: number; readonly corner: number };

const maxZones = 64;
const maxCorners = 64;
const minCorners = 3;

/** The zones after an edit; pure. Coordinates are 0..1 of the picture and stay inside it. */
export function editZones(zones: readonly Zone[], edit: ZoneEdit): readonly Zone[] {
  switch (edit.do) {
    case 'load':
      return edit.zones;
    case 'add':
      return zones.length >= maxZones ? zones : [...zones, newZone(zones.length)];
    case 'add_drawn':
      return zones.length >= maxZones ? zones : [...zones, withinFrame(edit.zone)];
    case 'corner_at':
      return change(zones, edit.zone, (zone) => ({
        ...zone,
        points: withCornerAt(zone.points, [inside(edit.x), inside(edit.y)]),
      }));
    case 'remove':
      return zones.filter((_, index) => index !== edit.zone);
    case 'kind':
      // what was learned is a thing; as another kind it is what the technician drew
      return change(zones, edit.zone, ({ learned: _, ...zone }) => ({ ...zone, kind: edit.kind }));
    case 'name':
      return change(zones, edit.zone, ({ name: _, ...zone }) =>
        edit.name.trim() === '' ? zone : { ...zone, name: edit.name.slice(0, 64) },
      );
    case 'move':
      return change(zones, edit.zone, (zone) => ({
        ...zone,
        points: zone.points.map((point, index) => (index === edit.corner ? [inside(edit.x), inside(edit.y)] : point)),
      }));
    case 'add_corner':
      return change(zones, edit.zone, (zone) => ({ ...zone, points: withCorner(zone.points) }));
    case 'remove_corner':
      return change(zones, edit.zone, (zone) =>
        zone.points.length <= minCorners
          ? zone
          : { ...zone, points: zone.points.filter((_, index) => index !== edit.corner) },
      );
  }
}

function change(zones: readonly Zone[], at: number, edit: (zone: Zone) => Zone): readonly Zone[] {
  return zones.map((zone, index) => (index === at ? edit(zone) : zone));
}

/** Each new one a little beside the one before, so that none hides another. */
function newZone(count: number): Zone {
  const shift = (count % 5) * 0.04;
  const [left, top, right, bottom] = [0.3 + shift, 0.35 + shift, 0.6 + shift, 0.65 + shift].map(inside) as [
    number,
    number,
    number,
    number,
  ];
  return {
    kind: 'bed',
    points: [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ],
  };
}

/** In the middle of the longest side. */
function withCorner(points: Zone['points']): Zone['points'] {
  if (points.length >= maxCorners) return points;
  const sides = points.map((from, index) => {
    const to = points[(index + 1) % points.length] ?? from;
    return {
      index,
      middle: [inside((from[0] + to[0]) / 2), inside((from[1] + to[1]) / 2)] as [number, number],
      length: Math.hypot(to[0] - from[0], to[1] - from[1]),
    };
  });
  const longest = sides.reduce((a, b) => (b.length > a.length ? b : a));
  return points.toSpliced(longest.index + 1, 0, longest.middle);
}

/** In the side that it is nearest to. */
function withCornerAt(points: Zone['points'], corner: [number, number]): Zone['points'] {
  if (points.length >= maxCorners) return points;
  const detours = points.map((from, index) => {
    const to = points[(index + 1) % points.length] ?? from;
    const detour = length(from, corner) + length(corner, to) - length(from, to);
    return { index, detour };
  });
  const nearest = detours.reduce((a, b) => (b.detour < a.detour ? b : a));
  return points.toSpliced(nearest.index + 1, 0, corner);
}

function length(from: readonly [number, number], to: readonly [number, number]): number {
  return Math.hypot(to[0] - from[0], to[1] - from[1]);
}

function withinFrame(zone: Zone): Zone {
  return { ...zone, points: zone.points.slice(0, maxCorners).map(([x, y]) => [inside(x), inside(y)]) };
}

function inside(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
}
