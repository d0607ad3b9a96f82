import fc from 'fast-check';
import { describeZoneProblem, zoneProblems } from './zone-shapes.ts';
import type { Zone, ZoneKind } from './zones.ts';

type Points = Zone['points'];
const zone = (points: Points, kind: ZoneKind = 'bed'): Zone => ({ kind, points });
const box = (left: number, top: number, right: number, bottom: number): Points => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];
const reasons = (...zones: Zone[]) => zoneProblems(zones).map(({ reason }) => reason);
const share = fc.integer({ min: 0, max: 20 }).map((n) => n / 100);
const boxes = fc
  .tuple(share, share, fc.integer({ min: 3, max: 10 }), fc.integer({ min: 3, max: 10 }))
  .map(([left, top, width, height]) => box(left, top, left + width / 100, top + height / 100));

describe('the shape of a zone', () => {
  it.each<[string, Points]>([
    [
      'a bow tie',
      [
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
      ],
    ],
    [
      'a side that runs back over its neighbour',
      [
        [0, 0],
        [1, 0],
        [0.5, 0],
        [0.5, 1],
      ],
    ],
    [
      'a corner on another side',
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0.5, 0],
        [0, 1],
      ],
    ],
    [
      'two corners at one place',
      [
        [0, 0],
        [0, 0],
        [1, 0],
        [1, 1],
      ],
    ],
    [
      'a line',
      [
        [0, 0],
        [0.5, 0.5],
        [1, 1],
      ],
    ],
  ])('is rejected when it is %s', (_name, points) => {
    expect(reasons(zone(points))).toEqual(['crosses_itself']);
  });

  it('is marked where it crosses itself, in a sentence that names the zone', () => {
    const bow = zone([
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
    ]);
    const [problem] = zoneProblems([zone(box(0, 0, 0.1, 0.1), 'exit'), bow]);
    expect(problem).toMatchObject({ reason: 'crosses_itself', zone: 1, at: [0.5, 0.5] });
    expect(problem && describeZoneProblem(problem, [bow, { ...bow, name: 'Window bed' }])).toBe(
      'Zone 2 (Window bed) crosses itself at 0.50, 0.50. Give its corners in their order around the zone.',
    );
  });

  it('may have any number of corners on a line and be hollow', () => {
    const hollow: Points = [
      [0, 0],
      [0.5, 0],
      [1, 0],
      [1, 1],
      [0.6, 1],
      [0.6, 0.4],
      [0.4, 0.4],
      [0.4, 1],
      [0, 1],
    ];
    expect(reasons(zone(hollow))).toEqual([]);
    expect(reasons(zone(hollow), zone(box(0.41, 0.5, 0.59, 0.9), 'exit'))).toEqual([]);
  });
});

describe('zones that overlap', () => {
  it.each<[string, Points, Points]>([
    ['a corner in the other', box(0.1, 0.1, 0.5, 0.5), box(0.4, 0.4, 0.8, 0.8)],
    ['the same twice', box(0.1, 0.1, 0.5, 0.5), box(0.1, 0.1, 0.5, 0.5)],
    ['one inside the other', box(0.1, 0.1, 0.9, 0.9), box(0.4, 0.4, 0.5, 0.5)],
    ['a cross', box(0.1, 0.4, 0.9, 0.6), box(0.4, 0.1, 0.6, 0.9)],
    ['a shared side', box(0.1, 0.1, 0.5, 0.5), box(0.3, 0.1, 0.8, 0.5)],
  ])('are rejected, whichever was drawn first: %s', (_name, one, other) => {
    expect(reasons(zone(one), zone(other, 'exit'))).toEqual(['overlaps']);
    expect(reasons(zone(other), zone(one, 'floor_mat'))).toEqual(['overlaps']);
    const [problem] = zoneProblems([zone(one), zone(other, 'exit')]);
    expect(problem).toMatchObject({ zone: 1, other: 0 });
  });

  it('are accepted where they only touch, or where one is a mask or a thing', () => {
    expect(reasons(zone(box(0.1, 0.1, 0.5, 0.5)), zone(box(0.5, 0.1, 0.8, 0.5), 'exit'))).toEqual([]);
    expect(reasons(zone(box(0.1, 0.1, 0.5, 0.5)), zone(box(0.495, 0.1, 0.8, 0.5), 'exit'))).toEqual([]);
    expect(reasons(zone(box(0.1, 0.1, 0.5, 0.5)), zone(box(0.3, 0.3, 0.4, 0.4), 'thing'))).toEqual([]);
    expect(reasons(zone(box(0.1, 0.1, 0.5, 0.5), 'ignore'), zone(box(0.3, 0.3, 0.8, 0.8)))).toEqual([]);
  });

  it('are exactly those whose boxes share more than a touch', () => {
    fc.assert(
      fc.property(boxes, boxes, (one, other) => {
        const [a, c] = [one[0], one[2]] as const;
        const [b, d] = [other[0], other[2]] as const;
        if (a === undefined || b === undefined || c === undefined || d === undefined) return;
        const wide = Math.min(c[0], d[0]) - Math.max(a[0], b[0]);
        const high = Math.min(c[1], d[1]) - Math.max(a[1], b[1]);
        // hundredths: what is shared is nothing, or too much to be a touch
        fc.pre(
          Math.abs(wide - 0.01) > 0.005 &&
            Math.abs(high - 0.01) > 0.005 &&
            Math.abs(wide - 0.02) > 0.005 &&
            Math.abs(high - 0.02) > 0.005,
        );
        expect(reasons(zone(one), zone(other)).length).toBe(wide > 0.005 && high > 0.005 ? 1 : 0);
      }),
    );
  });
});
