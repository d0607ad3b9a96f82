import { cocoJoints } from '../model/coco-labels.ts';
import type { JointChannels, RowChannels } from '../model/row-format.ts';
import type { ModelFacts } from './model-facts.ts';

/**
 * Where the joints are among an object's numbers, and which of them are those of COCO. Joints without names are taken for
 * COCO's when there are 17 of them; with another number they have an unknown order, and only boxes are read (undefined).
 */
export function jointChannels(
  all: RowChannels,
  first: number,
  [count, numbersPerJoint]: readonly [count: number, numbers: 2 | 3],
  facts: Pick<ModelFacts, 'jointNames'>,
): JointChannels | undefined {
  const { jointNames } = facts;
  if (jointNames === undefined && count !== cocoJoints.length) return undefined;
  const names = jointNames?.map(normal) ?? cocoJoints;
  const cocoOrder = cocoJoints.map((joint) => names.indexOf(joint));
  if (cocoOrder.every((index) => index < 0 || index >= count)) return undefined;
  return {
    output: all.output,
    objects: all.objects,
    numbers: all.numbers,
    first,
    count: count * numbersPerJoint,
    numbersPerJoint,
    cocoOrder: cocoOrder.map((index) => (index < count ? index : -1)),
  };
}

const normal = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
