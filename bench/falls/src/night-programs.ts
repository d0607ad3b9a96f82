import type { Zone } from '@vigilia/vision';
import type { Light } from './frame-noise.ts';

/** A piece of a clip, and how long its last frame is held (with camera noise) afterwards. Seconds. */
export interface Piece {
  readonly clip: string;
  readonly from?: number;
  readonly to?: number;
  readonly holdSeconds?: number;
}

/** What one camera shows for hours, again and again; no piece holds a fall. */
export interface NightProgram {
  readonly title: string;
  readonly hours: number;
  readonly pieces: readonly Piece[];
  /** Whose zones are the room's. */
  readonly zonesOf: string;
  /** Zones beside these. */
  readonly moreZones?: readonly Zone[];
  /**
   * Forwards, then backwards, so that no person jumps: a cut from a clip's end to its beginning moves people and their chairs
   * across the room between two frames. Clips that end as they begin need it not.
   */
  readonly thereAndBack?: true;
}

/** Lights change every ten minutes: on, off, infrared. */
export const lightSeconds = 600;
export const lights: readonly Light[] = ['plain', 'dim', 'infrared'];

const mat: Zone = {
  kind: 'floor_mat',
  points: [
    [0.34, 0.4],
    [0.51, 0.4],
    [0.51, 0.66],
    [0.34, 0.66],
  ],
};

/** Thirty-two hours in all. Each program is one camera, watched without a break. */
export const nightPrograms: readonly NightProgram[] = [
  { title: 'asleep', hours: 5, zonesOf: 'rooms/room-sleep.mp4', pieces: [{ clip: 'rooms/room-sleep.mp4' }] },
  {
    title: 'walking, sitting in the armchair',
    hours: 5,
    zonesOf: 'rooms/room-walk.mp4',
    pieces: [{ clip: 'rooms/room-walk.mp4' }],
  },
  { title: 'empty room', hours: 3, zonesOf: 'rooms/room-empty.mp4', pieces: [{ clip: 'rooms/room-empty.mp4' }] },
  {
    title: 'staff and resident walk together, then an empty room, then they come in again',
    hours: 3,
    zonesOf: 'rooms/room-story.mp4',
    pieces: [{ clip: 'rooms/room-story.mp4', from: 64, to: 95, holdSeconds: 15 }],
    thereAndBack: true,
  },
  {
    title: 'reading while walking',
    hours: 1,
    zonesOf: 'clips/gmdcsa24/Subject_1_ADL_10.mp4',
    pieces: [{ clip: 'clips/gmdcsa24/Subject_1_ADL_10.mp4', holdSeconds: 20 }],
    thereAndBack: true,
  },
  {
    title: 'picking up a telephone from a chair, putting it down',
    hours: 1,
    zonesOf: 'clips/gmdcsa24/Subject_1_ADL_16.mp4',
    pieces: [{ clip: 'clips/gmdcsa24/Subject_1_ADL_16.mp4', holdSeconds: 45 }],
    thereAndBack: true,
  },
  {
    title: 'sitting on the bed with legs folded',
    hours: 1,
    zonesOf: 'clips/gmdcsa24/Subject_2_ADL_23.mp4',
    pieces: [{ clip: 'clips/gmdcsa24/Subject_2_ADL_23.mp4', holdSeconds: 60 }],
    thereAndBack: true,
  },
  {
    title: 'standing beside the bed',
    hours: 1,
    zonesOf: 'clips/gmdcsa24/Subject_2_Fall_12.mp4',
    pieces: [{ clip: 'clips/gmdcsa24/Subject_2_Fall_12.mp4', to: 6, holdSeconds: 30 }],
    thereAndBack: true,
  },
  {
    // There is no footage of a person who sits on the floor: the part of the bed that he sits on is declared floor.
    title: 'on the floor (a mat where he sits) with legs folded for a minute, then standing',
    hours: 1,
    zonesOf: 'clips/gmdcsa24/Subject_2_ADL_23.mp4',
    moreZones: [mat],
    pieces: [
      { clip: 'clips/gmdcsa24/Subject_2_ADL_23.mp4', holdSeconds: 53 },
      { clip: 'clips/gmdcsa24/Subject_2_Fall_12.mp4', to: 6, holdSeconds: 120 },
    ],
  },
  {
    title: 'an empty room, persons standing one after another',
    hours: 3,
    zonesOf: 'clips/other/empty-room-and-persons.mp4',
    pieces: [{ clip: 'clips/other/empty-room-and-persons.mp4' }],
    thereAndBack: true,
  },
  {
    title: 'sleeping slumped in an armchair',
    hours: 2,
    zonesOf: 'rooms-hard/calm-armchair.mp4',
    pieces: [{ clip: 'rooms-hard/calm-armchair.mp4', holdSeconds: 600 }],
    thereAndBack: true,
  },
  {
    title: 'an empty room, clothes and blankets lying about',
    hours: 2,
    zonesOf: 'rooms-hard/calm-clutter.mp4',
    pieces: [{ clip: 'rooms-hard/calm-clutter.mp4' }],
  },
  {
    title: 'sitting on the bed, socks, lying down, getting up',
    hours: 2,
    zonesOf: 'rooms-hard/calm-sit-bed.mp4',
    pieces: [{ clip: 'rooms-hard/calm-sit-bed.mp4', holdSeconds: 60 }],
    thereAndBack: true,
  },
  {
    title: 'a carer helps a resident up and out',
    hours: 2,
    zonesOf: 'rooms-hard/calm-carer.mp4',
    pieces: [{ clip: 'rooms-hard/calm-carer.mp4', holdSeconds: 60 }],
    thereAndBack: true,
  },
];
