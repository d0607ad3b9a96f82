import type { Finding } from '@vigilia/protocol';
import { calibrationOf, type Detection, type Rotation } from '@vigilia/vision';
import { judgeContents } from './check-room.ts';
import type { FinderModel, PeopleFound, RoomToCheck } from './room-survey.ts';

const usualRoom: RoomToCheck = {
  sourceId: 4,
  address: 'rtsp://camera/4',
  view: { aspect: undefined, rotate: 0 },
  maxFps: 0.1,
  zones: undefined,
  settingsKnown: false,
};
const { calibration } = calibrationOf('movenet', undefined);
const model: FinderModel = { modelId: 'some-model', personConfidence: 0.6, calibration };
const input = { width: 320, height: 192 };

const codes = (findings: readonly Finding[]) => findings.flatMap(({ code }) => code ?? []);

interface Seen {
  readonly score: number;
  readonly width: number;
  readonly height: number;
  readonly name?: string;
  readonly top?: number;
}

function people(seen: Partial<Record<Rotation, readonly Seen[]>>): PeopleFound {
  const rotations: readonly Rotation[] = [0, 90, 180, 270];
  const rotationResults = rotations.map((rotate) => {
    const displayed = rotate % 180 === 0 ? { width: 640, height: 360 } : { width: 360, height: 640 };
    return { rotate, displayed, input, detections: (seen[rotate] ?? []).map(detection) };
  });
  return { model, rotationResults, zoomedResults: [] };
}

function detection({ score, width, height, name = 'person', top = 50 }: Seen): Detection {
  const box = { x1: 100, y1: top, x2: 100 + width, y2: top + height };
  return { classId: 0, className: name, confidence: score, box };
}

const judge = (found: PeopleFound, room: Partial<RoomToCheck> = {}) => judgeContents({ ...usualRoom, ...room }, found);

const standing: Seen = { score: 0.55, width: 60, height: 180 };

describe('people in the frame', () => {
  test('who stand upright give no finding', () => {
    expect(judge(people({ 0: [standing], 180: [{ score: 0.45, width: 60, height: 180 }] }))).toEqual([]);
  });

  test.each([90, 180, 270] as const)('who stand only after a turn of %i° show that the camera is turned', (turn) => {
    const [finding] = judge(people({ 0: [{ score: 0.2, width: 180, height: 60 }], [turn]: [standing] }));
    expect(finding).toMatchObject({ code: 'picture_turned', result: 'warning', figures: { rotate: turn } });
    expect(finding?.remedy).toContain(`set_camera --param source_id=4 --param rotate=${turn}`);
  });

  test('are turned further than the rotation that the room has', () => {
    const [finding] = judge(people({ 180: [standing] }), { view: { aspect: undefined, rotate: 270 } });
    expect(finding).toMatchObject({ figures: { rotate: 90 } });
  });

  test.each<[string, Partial<Record<Rotation, readonly Seen[]>>]>([
    ['a wide box in the turned picture', { 0: [], 90: [{ score: 0.6, width: 160, height: 200 }] }],
    ['a weak score in the turned picture', { 0: [], 90: [{ score: 0.45, width: 60, height: 180 }] }],
  ])('who lie there are no turned camera: %s', (_, seen) => {
    expect(codes(judge(people(seen)))).not.toContain('picture_turned');
  });

  test('who are too thin to be true show that the picture is squeezed', () => {
    const [finding] = judge(people({ 0: [{ score: 0.55, width: 30, height: 180 }] }));
    expect(finding).toMatchObject({ code: 'picture_squeezed', remedy: expect.stringContaining('aspect=16:9') });
  });

  test('who are wider than high show that the picture is stretched, or that they lie', () => {
    const [finding] = judge(people({ 0: [{ score: 0.55, width: 200, height: 150 }] }));
    expect(finding).toMatchObject({
      code: 'picture_squeezed',
      remedy: expect.stringContaining('while a person stands'),
    });
  });

  test('who sit are not taken for a squeezed picture', () => {
    expect(codes(judge(people({ 0: [{ score: 0.55, width: 110, height: 130 }] })))).toEqual(['no_standing_person']);
  });

  test('who are below 40 pixels in the input of the model are named too small', () => {
    // 640 × 360 into 320 × 192: half the size
    const [finding] = judge(people({ 0: [{ score: 0.55, width: 30, height: 78 }] }));
    expect(finding).toMatchObject({ code: 'person_too_small', figures: { person_height_px: 39 } });
    expect(finding?.remedy).toContain('change_model --param source_id=4');
    expect(judge(people({ 0: [{ score: 0.55, width: 30, height: 80 }] }))).toEqual([]);
  });

  const withJoints = ({ headUp, ...seen }: Seen & { readonly headUp: boolean }): Detection => {
    const found = detection(seen);
    const { box } = found;
    const keypoints = Array.from({ length: 17 }, (_, joint) => {
      const share = (joint + 0.5) / 17;
      const fromTop = headUp ? share : 1 - share;
      return { x: (box.x1 + box.x2) / 2, y: box.y1 + fromTop * (box.y2 - box.y1), visibility: 0.6 };
    });
    return { ...found, keypoints };
  };
  const only = (rotate: Rotation, found: Detection) =>
    people({}).rotationResults.map((one) => (one.rotate === rotate ? { ...one, detections: [found] } : one));

  test('who are found upside down as surely as upright show by their joints that the camera is upside down', () => {
    const [upsideDown, upright] = [false, true].map((headUp) => withJoints({ ...standing, score: 0.9, headUp }));
    const rotationResults = people({}).rotationResults.map((one) => {
      const found = one.rotate === 0 ? upsideDown : one.rotate === 180 ? upright : undefined;
      return { ...one, detections: found === undefined ? [] : [found] };
    });
    const [finding] = judge({ model, rotationResults, zoomedResults: [] });
    expect(finding).toMatchObject({ code: 'picture_turned', figures: { rotate: 180 } });
  });

  test('whom only the zoomed pass shows are named too small, in pixels of the usual input', () => {
    const small = withJoints({ score: 0.8, width: 22, height: 64, headUp: true });
    const [zoomed] = only(0, small).filter(({ rotate }) => rotate === 0);
    const zoomedResults = zoomed === undefined ? [] : [zoomed];
    const [finding] = judge({ model, rotationResults: people({}).rotationResults, zoomedResults });
    expect(finding).toMatchObject({ code: 'person_too_small', figures: { person_height_px: 32 } });
  });

  test.each([
    ['with an unsure score', { score: 0.4, width: 22, height: 64, headUp: true }],
    ['upside down', { score: 0.8, width: 22, height: 64, headUp: false }],
    ['as tall as the model needs', { score: 0.8, width: 30, height: 90, headUp: true }],
  ])('whom only the zoomed pass shows %s are asked to stand in the room again', (_, seen) => {
    const zoomedResults = only(0, withJoints(seen));
    const [finding] = judge({ model, rotationResults: people({}).rotationResults, zoomedResults });
    expect(finding).toMatchObject({ code: 'no_standing_person' });
  });

  test('who are cut off by the edge are not measured', () => {
    expect(judge(people({ 0: [{ score: 0.55, width: 20, height: 60, top: 300 }] }))).toEqual([]);
  });

  test.each([0.2, 0.45])('who are not seen clearly (%d) are asked for', (score) => {
    const [finding] = judge(people({ 0: [{ score, width: 60, height: 180 }] }));
    expect(finding).toMatchObject({ code: 'no_standing_person', result: 'skipped', remedy: expect.any(String) });
  });
});

describe('beds', () => {
  const bed: Seen = { score: 0.6, width: 200, height: 90, top: 180, name: 'bed' };
  const found = people({ 0: [standing, bed] });
  const square = (left: number, top: number) => ({
    kind: 'bed' as const,
    points: [
      [left, top],
      [left + 0.2, top],
      [left + 0.2, top + 0.2],
      [left, top + 0.2],
    ] as [number, number][],
  });

  test('in no zone are named with the zone to set', () => {
    const [finding] = judge(found, { zones: [square(0.7, 0.1)] });
    expect(finding).toMatchObject({
      code: 'bed_zone_missing',
      result: 'warning',
      remedy: expect.stringContaining('vigilia zones set 4 --zone "bed:0.16,0.50 0.47,0.50 0.47,0.75 0.16,0.75"'),
    });
  });

  test('in a zone need no advice', () => {
    expect(judge(found, { zones: [square(0.2, 0.5)] })).toEqual([]);
  });

  test('that the model does not see are asked for where no zones were ever set', () => {
    const unseen = people({ 0: [standing] });
    expect(codes(judge(unseen, { settingsKnown: true }))).toEqual(['bed_zone_missing']);
    expect(judge(unseen, { settingsKnown: true, zones: [] })).toEqual([]);
    expect(judge(unseen)).toEqual([]);
  });
});
