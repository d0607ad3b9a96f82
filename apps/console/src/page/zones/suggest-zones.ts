import type { Zone } from '@vigilia/protocol';
import type { OutlineView } from '../../shared/view.ts';

const kindOf = { bed: 'bed', couch: 'sofa', chair: 'sofa' } as const;
/** A zone whose box covers this share of the furniture (intersection over union) is that furniture. */
const sameShare = 0.3;

/** Returns a zone for each bed, couch and chair that the model sees and that has none; a person corrects its corners. */
export function suggestZones(outlines: readonly OutlineView[], zones: readonly Zone[]): Zone[] {
  return outlines
    .filter((box) => !zones.some((zone) => shareOf(box, zone.points) >= sameShare))
    .flatMap(({ furniture, x, y, width, height }): Zone[] => {
      if (furniture === undefined) return [];
      const [right, bottom] = [x + width, y + height];
      const points: Zone['points'] = [
        [x, y],
        [right, y],
        [right, bottom],
        [x, bottom],
      ];
      return [{ kind: kindOf[furniture], points }];
    });
}

function shareOf(box: OutlineView, points: Zone['points']): number {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, top, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const wide = Math.max(0, Math.min(right, box.x + box.width) - Math.max(left, box.x));
  const high = Math.max(0, Math.min(bottom, box.y + box.height) - Math.max(top, box.y));
  const common = wide * high;
  const all = box.width * box.height + (right - left) * (bottom - top) - common;
  return all <= 0 ? 0 : common / all;
}
