import { setCamera } from '@vigilia/processor';
import type { Finding } from '@vigilia/protocol';
import {
  bodyPoints,
  type Detection,
  jointCount,
  letterboxGeometry,
  personClass,
  personProbability,
  type Rotation,
  rotations,
} from '@vigilia/vision';
import type { FinderModel, PeopleFound, RoomToCheck, RotationResult } from './room-survey.ts';

/**
 * Width divided by height of standing people. Measured on people in 12 pictures with four models: 0.27 to 0.57 standing, 0.8 and
 * more for people who lie and are seen in a turned picture.
 */
const tallRatio = 0.67;
const narrowRatio = 0.22;
/**
 * Person scores. Without joints: shares of the confidence that the model gives the person in the embedded picture. A standing person gets
 * 0.85 or more, a lying one seen in a turned picture 0.77 or less where the box is tall.
 */
const confidentShare = 0.8;
const foundShare = 0.5;
/** Standing people are found upside down too, with at most 0.93 of their score, and mostly with less than half. */
const turnedShare = 0.85;
/** Things that a zoomed pass takes for people score up to 0.78 in rooms with clutter, small people 0.97 and more (MoveNet). */
const zoomedShare = 0.9;
/** Smaller people are missed, px in the model's input. */
const leastHeightPx = 40;

/** Returns what is wrong with the way people appear: turned, squeezed, too small. Pure. */
export function judgePeople(check: string, room: RoomToCheck, people: PeopleFound): Finding[] {
  const best = bestRotation(people);
  if (!showsStandingPerson(people)) {
    const width = judgeWidth(check, room, personsOf(people, 0));
    return [width ?? judgeHeight(check, room, people, smallPeople(people)) ?? notSeen(check, room)];
  }
  const isTurned = standingScore(people, 0) < turnedShare * standingScore(people, best);
  const upright = personsOf(people, isTurned ? best : 0);
  return [
    isTurned ? turned(check, room, people, best) : undefined,
    judgeWidth(check, room, upright),
    judgeHeight(check, room, people, upright),
  ].filter((finding) => finding !== undefined);
}

type Rotated = Pick<PeopleFound, 'model' | 'rotationResults'>;

interface Person {
  readonly detection: Detection;
  readonly survey: RotationResult;
}

function personsOf({ rotationResults, model }: Rotated, rotate: Rotation): Person[] {
  return toPersons(
    rotationResults.filter((survey) => survey.rotate === rotate),
    model,
    foundShare,
  );
}

/** People whom only the zoomed pass shows surely. */
const smallPeople = ({ zoomedResults, model }: PeopleFound): Person[] => toPersons(zoomedResults, model, zoomedShare);

function toPersons(surveys: readonly RotationResult[], model: FinderModel, least: number): Person[] {
  return surveys
    .flatMap((survey) => survey.detections.map((detection) => ({ detection, survey })))
    .filter(({ detection }) => detection.className === personClass && personScore(detection, model) >= least);
}

/** How surely a detection is a person, 1 = as surely as can be. */
function personScore(detection: Detection, { calibration, personConfidence }: FinderModel): number {
  return hasJoints(detection) ? personProbability(detection, calibration) : detection.confidence / personConfidence;
}

const hasJoints = ({ keypoints }: Detection): boolean => keypoints?.length === jointCount;

const ratioOf = ({ detection: { box } }: Person): number => (box.x2 - box.x1) / (box.y2 - box.y1);
const isStanding = (person: Person): boolean => ratioOf(person) <= tallRatio && isHeadUp(person.detection);

/** A model with joints may find people upside down as surely as upright, and shows where their heads are. */
function isHeadUp(detection: Detection): boolean {
  if (detection.keypoints === undefined || !hasJoints(detection)) return true;
  const { head, hips } = bodyPoints(detection.keypoints);
  return head.y < hips.y;
}

/** Best score of a person who stands upright in the picture that is turned by this much. */
function standingScore(people: Rotated, rotate: Rotation): number {
  const standing = personsOf(people, rotate).filter(isStanding);
  return Math.max(0, ...standing.map(({ detection }) => personScore(detection, people.model)));
}

/** By how much the picture has to be turned until people stand most clearly in it. */
function bestRotation(people: Rotated): Rotation {
  const score = (rotate: Rotation): number => standingScore(people, rotate);
  return rotations.reduce((best, rotate) => (score(rotate) > score(best) ? rotate : best));
}

/** Returns whether a person stands clearly in a frame, in one of its rotations. Pure. */
export function showsStandingPerson(people: Rotated): boolean {
  return standingScore(people, bestRotation(people)) >= confidentShare;
}

function turned(check: string, { sourceId, view }: RoomToCheck, people: PeopleFound, turn: Rotation): Finding {
  const rotate = (view.rotate + turn) % 360;
  const [asItIs, best] = [standingScore(people, 0), standingScore(people, turn)].map((score) =>
    Math.round(Math.min(1, score) * 100),
  );
  return {
    check,
    result: 'warning',
    code: 'picture_turned',
    detail: `a person stands upright only when the picture is turned by ${turn}° clockwise (person score ${best} % turned, ${asItIs} % as it is)`,
    remedy: `If the camera is mounted on its side or upside down: ${setCamera(sourceId, `rotate=${rotate}`)}. If a person was lying there, run "vigilia doctor --rooms ${sourceId}" again while a person stands.`,
    figures: { rotate },
  };
}

function judgeWidth(check: string, { sourceId }: RoomToCheck, persons: readonly Person[]): Finding | undefined {
  const ratios = persons
    .filter(({ detection, survey }) => !isCut(detection, survey))
    .map(ratioOf)
    .sort((a, b) => a - b);
  const median = ratios[ratios.length >> 1];
  if (median === undefined || (median >= narrowRatio && (ratios[0] ?? 1) <= 1)) return undefined;
  const percent = Math.round(median * 100);
  const wide = median > 1;
  return {
    check,
    result: 'warning',
    code: 'picture_squeezed',
    detail: `people are ${percent} % as wide as they are high; standing people are 25 to 60 %${wide ? ': the picture is stretched, or all of them lie' : ': the picture is squeezed'}`,
    remedy: `Set the shape in which the camera shows its picture elsewhere: ${setCamera(sourceId, 'aspect=16:9')} (or 4:3).${wide ? ` Or run "vigilia doctor --rooms ${sourceId}" again while a person stands.` : ''}`,
    figures: { person_width_percent: percent },
  };
}

function judgeHeight(
  check: string,
  { sourceId }: RoomToCheck,
  { model }: PeopleFound,
  persons: readonly Person[],
): Finding | undefined {
  const standing = persons.filter((person) => isStanding(person) && !isCut(person.detection, person.survey));
  const [tallest] = standing.map(inInput).sort((a, b) => b.heightPx - a.heightPx);
  if (tallest === undefined || tallest.heightPx >= leastHeightPx) return undefined;
  const { heightPx: height, input } = tallest;
  return {
    check,
    result: 'warning',
    code: 'person_too_small',
    detail: `a standing person is ${height} px high in the input of ${model.modelId} (${input.width} × ${input.height}); at least ${leastHeightPx} px are needed`,
    remedy: `Mount the camera closer or zoom in, or use a model with a larger input for this room: vigilia send change_model --param source_id=${sourceId} --param model_id=ID ("vigilia models list").`,
    figures: { person_height_px: height },
  };
}

/**
 * How high a person is in the input that the room's model gets, px. An input that grows with small people does so only once these were found
 * in the usual one.
 */
function inInput({ detection: { box }, survey: { displayed, input } }: Person): {
  readonly heightPx: number;
  readonly input: RotationResult['input'];
} {
  const { scale } = letterboxGeometry(displayed.width, displayed.height, input.width, input.height);
  return { heightPx: Math.round((box.y2 - box.y1) * scale), input };
}

/** The height of a person who is cut off by the upper or lower edge cannot be known. */
function isCut({ box }: Detection, { displayed }: RotationResult): boolean {
  const margin = displayed.height * 0.01;
  return box.y1 <= margin || box.y2 >= displayed.height - margin;
}

function notSeen(check: string, { sourceId }: RoomToCheck): Finding {
  return {
    check,
    result: 'skipped',
    code: 'no_standing_person',
    detail: 'no person stands clearly in the picture, so its rotation and the size of people were not checked',
    remedy: `Run "vigilia doctor --rooms ${sourceId}" again while a person stands in the room.`,
  };
}
