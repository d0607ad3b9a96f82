import type { DetectionsMessage, SettingOwner, Status } from '@vigilia/protocol';
import { KnownProcessors } from './known-processors.ts';

const at = '2026-01-01T00:00:00.000Z';

function status(fields: Partial<Status> = {}, rooms: readonly number[] = [1]): Status {
  const streams = rooms.map((source_id) => ({
    source_id,
    uri: 'rtsp://cam',
    model_id: 'light',
    max_fps: 0.1,
    confidence: 0.25,
    tracking: true,
    decode: 'auto' as const,
    state: 'watching' as const,
    zones_configured: true,
    set_by: { max_fps: { by: 'flags' as const, at } },
  }));
  return {
    instance_id: 'a',
    client_id: 'a',
    boot_id: 'one',
    role: 'home',
    status: 'running',
    timestamp: at,
    streams,
    ...fields,
  };
}

/** Room 1 at this rate, which the owner set. */
function statusWith(max_fps: number, owner: SettingOwner): Status {
  const [stream] = status().streams ?? [];
  return status({ streams: stream === undefined ? [] : [{ ...stream, max_fps, set_by: { max_fps: owner } }] });
}

function detection(boot_id: string): DetectionsMessage {
  const figures = { frame_id: 1, inference_time_ms: 1, latency_ms: 1, fps: 0.1 };
  return { instance_id: 'a', boot_id, source_id: 1, timestamp: at, model_id: 'light', detections: [], ...figures };
}

describe('what is known of a processor', () => {
  it('a retained status alone does not confirm that it lives', () => {
    const known = new KnownProcessors();
    known.status(status(), true, 100);
    expect(known.all.get('a')).toMatchObject({ confirmed: false, lastSignMs: 100 });
    known.status(status(), false, 200);
    expect(known.all.get('a')?.confirmed).toBe(true);
  });

  it('the last will of an earlier boot does not take down the present one', () => {
    const known = new KnownProcessors();
    known.status(status({ boot_id: 'two' }), false, 100);
    known.status(status({ boot_id: 'one', status: 'offline' }), false, 200);
    expect(known.all.get('a')).toMatchObject({ bootId: 'two', status: 'running' });
  });

  it('a retained status of an earlier boot never replaces one that was heard', () => {
    const known = new KnownProcessors();
    known.status(status({ boot_id: 'two' }), false, 100);
    known.status(status({ boot_id: 'one' }, [1, 2, 3]), true, 200);
    expect([...(known.all.get('a')?.streams.keys() ?? [])]).toEqual([1]);
  });

  it('a life that ends right after it began earns the next one no new time to come back; one that lasted does', () => {
    const known = new KnownProcessors();
    known.status(status({ boot_id: 'one', status: 'starting' }), false, 1000);
    known.status(status({ boot_id: 'one' }), false, 4000);
    known.status(status({ boot_id: 'two', status: 'starting' }), false, 5000);
    expect(known.all.get('a')).toMatchObject({ bootSeenMs: 5000, comingSinceMs: 1000 });
    known.status(status({ boot_id: 'two' }), false, 6000);
    known.detection(detection('two'), 36_000);
    known.status(status({ boot_id: 'three', status: 'starting' }), false, 37_000);
    expect(known.all.get('a')).toMatchObject({ bootSeenMs: 37_000, comingSinceMs: 37_000 });
  });

  it('a life that was not heard since the connect leaves the next one no time of its own: its rooms wait since then', () => {
    const known = new KnownProcessors();
    known.status(status({ boot_id: 'one' }), false, 1000);
    known.detection(detection('one'), 60_000);
    known.connected(70_000);
    known.status(status({ boot_id: 'two', status: 'starting' }), false, 79_000);
    expect(known.all.get('a')).toMatchObject({ bootSeenMs: 79_000, comingSinceMs: 70_000 });
  });

  it('detections of another boot prove nothing', () => {
    const known = new KnownProcessors();
    known.status(status({ boot_id: 'two' }), true, 100);
    known.detection(detection('one'), 200);
    expect(known.all.get('a')?.detections.size).toBe(0);
    expect(known.all.get('a')?.confirmed).toBe(false);
  });

  it('detections of another boot raise a doubt, which an answer settles', () => {
    const known = new KnownProcessors();
    known.status(status(), false, 100);
    expect(known.detection(detection('two'), 200)).toBe(true);
    expect(known.detection(detection('two'), 300)).toBe(false);
    expect(known.all.get('a')).toMatchObject({ bootId: 'one', doubted: true });
    known.status(status({ boot_id: 'two' }), false, 400);
    expect(known.all.get('a')).toMatchObject({ bootId: 'two', confirmed: true });
    expect(known.all.get('a')?.doubted).toBeUndefined();
  });

  it('what it saw before it let go of a room does not count when it takes the room again', () => {
    const known = new KnownProcessors();
    known.status(status(), false, 100);
    expect(known.detection(detection('one'), 200)).toBe(true);
    expect(known.detection(detection('one'), 300)).toBe(false);
    known.status(status({}, []), false, 400);
    known.status(status(), false, 500);
    expect(known.all.get('a')?.detections.has(1)).toBe(false);
    expect(known.all.get('a')?.listedSince.get(1)).toBe(500);
    expect(known.detection(detection('one'), 600)).toBe(true);
  });

  it('its own completed command is in force before the next status', () => {
    const known = new KnownProcessors();
    known.status(status(), false, 100);
    const how = { owner: { by: 'policy', at } as const, nowMs: 200 };
    known.completed('a', { command: 'set_fps', params: { max_fps: 0.05, source_id: 1 } }, how);
    expect(known.all.get('a')?.streams.get(1)).toMatchObject({ maxFps: 0.05, setBy: { max_fps: how.owner } });
    known.completed('a', { command: 'remove_stream', params: { source_id: 1 } }, how);
    expect(known.all.get('a')?.streams.has(1)).toBe(false);
  });

  it('its own completed command that gave an operator’s choice back is the operator’s', () => {
    const known = new KnownProcessors();
    known.status(status(), false, 100);
    const owner = { by: 'policy', at } as const;
    const how = { owner, restores: { max_fps: { command_id: 'c-1', at } }, nowMs: 200 };
    known.completed('a', { command: 'set_fps', params: { max_fps: 0.05, source_id: 1 } }, how);
    const operator = { by: 'operator', command_id: 'c-1', at, restored: true };
    expect(known.all.get('a')?.streams.get(1)?.setBy).toMatchObject({ max_fps: operator });
  });

  it('an operator’s change stays known after another author has changed the setting, and in the next life', () => {
    const known = new KnownProcessors();
    const [operator, orchestrator] = [
      { by: 'operator', command_id: 'c', at },
      { by: 'orchestrator', incident_id: 'i', at },
    ] as const;
    known.status(statusWith(0.4, operator), false, 100);
    known.status(statusWith(0.05, orchestrator), false, 200);
    const change = { owner: operator, fields: { max_fps: 0.4 } };
    expect(known.all.get('a')?.operatorChanges.get(1)?.get('max_fps')).toEqual(change);
    known.status(status({ boot_id: 'two' }), false, 300);
    expect(known.all.get('a')?.operatorChanges.get(1)?.get('max_fps')).toEqual(change);
  });

  it('an operator’s change that only a retained status states is not taken for new: it may be an old one', () => {
    const known = new KnownProcessors();
    known.status(statusWith(0.4, { by: 'operator', command_id: 'c', at }), true, 100);
    expect(known.all.get('a')?.operatorChanges.get(1)).toBeUndefined();
    expect(known.all.get('a')?.streams.get(1)?.setBy?.max_fps?.by).toBe('operator');
  });

  it('rooms that an operator removed are known until they are back, others are not', () => {
    const known = new KnownProcessors();
    const [operator, orchestrator] = [
      { by: 'operator', command_id: 'c', at },
      { by: 'orchestrator', at },
    ] as const;
    const removed_streams = [
      { source_id: 3, set_by: operator },
      { source_id: 4, set_by: orchestrator },
    ];
    known.status(status({ removed_streams }), false, 100);
    expect([...(known.all.get('a')?.removed ?? [])]).toEqual([[3, operator]]);
    known.status(status({}, [1, 3]), false, 200);
    expect(known.all.get('a')?.removed.size).toBe(0);
  });

  it('everything has to be confirmed again after a connection', () => {
    const known = new KnownProcessors();
    known.status(status(), false, 100);
    known.connected(900);
    expect(known.all.get('a')).toMatchObject({ confirmed: false, lastSignMs: 900 });
  });
});
