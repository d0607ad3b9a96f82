import { containment, iou } from '../detection/box.ts';
import type { Detection } from '../detection/detection.ts';

/*
 * These belong to decoding, like NMS: the model's host knows no fall policy. Boxes of one person differ more between a plain and
 * a turned frame than two passes of NMS would allow, hence the low IoU; a part of a body lies in the whole by more than half.
 */
const sameIou = 0.3;
const sameContainment = 0.6;

/** A turned find must beat the plain one by so much: on beds and carpets it often wins by a little. */
const turnedMargin = 0.1;

const weight = ({ confidence, turned }: Detection): number => confidence - (turned ? turnedMargin : 0);

/**
 * Joins the detections of several passes over one frame (plain, turned by ±90°), all in camera pixels. Of the finds
 * of one object the most confident stays: a turned one is taken only where it clearly beats the plain one.
 * Finds of the *same* pass never displace each other here; NMS did that.
 */
export function mergePasses(passes: readonly (readonly Detection[])[]): Detection[] {
  const all = passes.flatMap((detections, pass) => detections.map((detection) => ({ detection, pass })));
  all.sort((a, b) => weight(b.detection) - weight(a.detection));
  const kept: typeof all = [];
  for (const item of all) {
    const same = kept.some(
      ({ detection, pass }) =>
        pass !== item.pass &&
        detection.classId === item.detection.classId &&
        (iou(detection.box, item.detection.box) >= sameIou ||
          containment(detection.box, item.detection.box) >= sameContainment),
    );
    if (!same) {
      kept.push(item);
    }
  }
  return kept.map(({ detection }) => detection);
}
