import { lowSince, markLow } from './low-places.ts';
import type { PersonDetection } from './person-detection.ts';
import type { Track } from './track.ts';

/** The track of a person who was taken for a thing at 10 s and is looked at again at 20 s. */
const track = { seenAtMs: 20_000, upAtMs: 5000, thingAtMs: 10_000, belief: { upright: 0.1 } } as Track;
const look = (posture: PersonDetection['posture']): PersonDetection =>
  ({ posture, strong: true, cutOff: false, box: { x1: 300, y1: 310, x2: 400, y2: 400 } }) as PersonDetection;

/** Since when the person may be on the floor after a look with these probabilities: upright, sitting, sitting on the floor, lying. */
const since = (...posture: [number, number, number, number]): number | undefined =>
  lowSince(markLow(track, look(posture), [], { ...track, seenAtMs: 10_000 }));

describe('the time on the floor of a person who was taken for a thing', () => {
  test('goes on while they sit on the floor: such a person raises an alarm, too', () => {
    expect(since(0.1, 0.25, 0.55, 0.1)).toBe(10_000);
  });

  test('begins anew when they were off the floor', () => {
    expect(since(0.2, 0.6, 0.15, 0.05)).toBeUndefined();
  });
});
