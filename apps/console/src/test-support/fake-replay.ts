import { type Replay, type ReplayMoment, type ReplayPerson, replayJoints, unseenJoint } from '@vigilia/protocol';

/** Joints of a person who stands at 240 | 150 of the grid. */
const upright = [
  [240, 45],
  [228, 62],
  [252, 62],
  [222, 84],
  [258, 84],
  [224, 104],
  [260, 102],
  [232, 100],
  [248, 100],
  [230, 126],
  [250, 126],
  [229, 150],
  [251, 150],
];
const fallen = [
  [195, 150],
  [180, 143],
  [182, 158],
  [165, 140],
  [160, 165],
  [150, 147],
  [148, 167],
  [140, 148],
  [142, 160],
  [118, 143],
  [120, 163],
  [97, 145],
  [98, 165],
];

const standingFigure: ReplayPerson = {
  track_id: 1,
  posture: 'up',
  box: [216, 34, 264, 154],
  joints: upright.flat(),
};

/** The feet are out of sight. */
export const lyingFigure: ReplayPerson = {
  track_id: 1,
  posture: 'low',
  box: [88, 132, 208, 172],
  joints: [...fallen.slice(0, 11).flat(), unseenJoint, unseenJoint, unseenJoint, unseenJoint],
};

const moment = (ms: number, people: ReplayMoment['people']): ReplayMoment => ({ ms, model: 0, people });

/** A fall as a room at 0.1 frames per second shows it. */
export function fakeReplay(incidentId: string, sourceId: number, change: Partial<Replay> = {}): Replay {
  if (lyingFigure.joints?.length !== 2 * replayJoints.length)
    throw new Error('the figure has another number of joints');
  return {
    version: 1,
    incident_id: incidentId,
    source_id: sourceId,
    fall_at: new Date().toISOString(),
    complete: true,
    size: { width: 320, height: 180 },
    zones: [
      {
        kind: 'bed',
        points: [
          [16, 60],
          [110, 60],
          [110, 116],
          [16, 116],
        ],
      },
    ],
    models: ['movenet'],
    moments: [
      moment(-17_000, [standingFigure]),
      moment(-7000, [standingFigure]),
      moment(3000, [lyingFigure]),
      moment(13_000, [lyingFigure]),
    ],
    ...change,
  };
}
