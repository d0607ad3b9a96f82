import type { DetectionsMessage, RoomState } from '@vigilia/protocol';
import { KnownRooms } from './known-rooms.ts';

const at = '2026-01-01T00:00:00.000Z';

function room(state: RoomState['fall']['state'], watcher = 'a'): RoomState {
  return { source_id: 2, watcher, boot_id: `boot-${watcher}`, since: at, fall: { state } };
}

function seen(posture: 'up' | 'low' | undefined, instance_id = 'a'): DetectionsMessage {
  const person = { class_name: 'person', confidence: 1, bbox: { x: 0, y: 0, width: 1, height: 1 } };
  const figures = { frame_id: 1, inference_time_ms: 1, latency_ms: 1, fps: 1 };
  const detections = posture === undefined ? [] : [{ ...person, posture }];
  return { instance_id, boot_id: 'b', source_id: 2, timestamp: at, model_id: 'm', detections, ...figures };
}

describe('who is up', () => {
  it('is up when the watcher that raised the alarm reports the person as recovered', () => {
    const known = new KnownRooms();
    known.state(room('alarm'), 0);
    expect(known.all.get(2)).toMatchObject({ down: true });
    known.state(room('recovered'), 100);
    known.state(room('none'), 200);
    expect(known.all.get(2)).toMatchObject({ down: false, upSinceMs: 100 });
  });

  it('is not proven by a new watcher that knows of no fall', () => {
    const known = new KnownRooms();
    known.state(room('alarm', 'a'), 0);
    known.state(room('none', 'a_1'), 100);
    expect(known.all.get(2)?.upSinceMs).toBeUndefined();
  });

  it('is not proven by an empty room', () => {
    const known = new KnownRooms();
    expect(known.detections(seen(undefined), 0)).toBe(false);
    expect(known.all.get(2)?.upSinceMs).toBeUndefined();
  });

  it('is decided by postures where the fall machine has no opinion, and taken back by a person who is low', () => {
    const known = new KnownRooms();
    expect(known.detections(seen('up'), 100)).toBe(true);
    expect(known.detections(seen('up'), 200)).toBe(false);
    expect(known.all.get(2)?.upSinceMs).toBe(100);
    known.detections(seen('low'), 300);
    expect(known.all.get(2)?.upSinceMs).toBeUndefined();
  });

  it('is not decided by a posture of the watcher whose own alarm stands', () => {
    const known = new KnownRooms();
    known.state(room('alarm', 'a'), 0);
    known.detections(seen('up', 'a'), 100);
    expect(known.all.get(2)).toMatchObject({ down: true });
  });

  it('is not a resident whose alarm a person has resolved, until the processor sees the resident up', () => {
    const known = new KnownRooms();
    known.state(room('alarm'), 0);
    const resolved = room('none');
    known.state({ ...resolved, fall: { ...resolved.fall, quiet: true } }, 100);
    expect(known.all.get(2)).toMatchObject({ down: true });
    expect(known.all.get(2)?.upSinceMs).toBeUndefined();
    known.state(room('none'), 200);
    expect(known.all.get(2)).toMatchObject({ down: false, upSinceMs: 200 });
  });

  it('counts from the first frame that showed the person up, not from the frame that proved it', () => {
    const known = new KnownRooms();
    known.detections(seen('up'), 0);
    known.state(room('alarm'), 50);
    known.detections(seen('low'), 60);
    known.detections(seen('up'), 100);
    known.detections(seen('up'), 200);
    known.state(room('none'), 300);
    expect(known.all.get(2)?.upSinceMs).toBe(100);
  });

  it('has to be seen again after a fall was reported', () => {
    const known = new KnownRooms();
    known.detections(seen('up'), 0);
    known.reported(2);
    expect(known.all.get(2)?.upSinceMs).toBeUndefined();
    known.detections(seen('up'), 100);
    expect(known.all.get(2)?.upSinceMs).toBe(100);
  });
});
