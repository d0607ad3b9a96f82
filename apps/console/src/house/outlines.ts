import type { DetectionsMessage } from '@vigilia/protocol';
import type { OutlineView } from '../shared/view.ts';

const shown = 12;

/** The boxes of a detection message in 0..1 of the picture; none when the picture's size is not known. */
export function outlinesOf(message: DetectionsMessage | undefined): OutlineView[] {
  const image = message?.image;
  if (message === undefined || image === undefined) return [];
  return message.detections.slice(0, shown).map(({ bbox, class_name, posture }) => {
    const outline = {
      x: fraction(bbox.x - bbox.width / 2, image.width),
      y: fraction(bbox.y - bbox.height / 2, image.height),
      width: fraction(bbox.width, image.width),
      height: fraction(bbox.height, image.height),
      person: class_name === 'person',
      low: posture === 'low',
    };
    const furniture = furnitureOf[class_name ?? ''];
    return furniture === undefined ? outline : { ...outline, furniture };
  });
}

/** Classes of COCO that a zone can be suggested for. */
const furnitureOf: Readonly<Record<string, OutlineView['furniture']>> = {
  bed: 'bed',
  couch: 'couch',
  sofa: 'couch',
  chair: 'chair',
};

function fraction(px: number, size: number): number {
  return Math.round(Math.min(1, Math.max(0, px / size)) * 1000) / 1000;
}
