import { emptyHouse, fold, type House, type HouseMessage } from '@vigilia/house';
import type { DetectionsMessage, OrchestratorStatus, Status } from '@vigilia/protocol';
import type { RoomView } from '../shared/view.ts';
import { houseView } from './house-view.ts';

const startMs = Date.parse('2026-01-01T10:00:00.000Z');
const at = (ms: number): string => new Date(startMs + ms).toISOString();

/** Plays messages at their times (ms after the start) and answers the room at the end. */
function play(messages: readonly (readonly [number, HouseMessage])[], untilMs: number, id = 2): RoomView | undefined {
  const house = messages.reduce((before: House, [ms, one]) => fold(before, one, startMs + ms), emptyHouse(startMs));
  return houseView(house, { nowMs: startMs + untilMs, senderOf: () => undefined }).rooms[String(id)];
}

type StatusMessage = Extract<HouseMessage, { kind: 'status' }>;
const status = (instanceId: string, maxFps: number, change: Partial<Status> = {}): StatusMessage => ({
  kind: 'status',
  instanceId,
  status: {
    instance_id: instanceId,
    client_id: instanceId,
    boot_id: 'b1',
    role: 'home',
    status: 'running',
    timestamp: at(0),
    streams: [
      {
        source_id: 2,
        uri: 'rtsp://cameras/2',
        model_id: 'light',
        max_fps: maxFps,
        confidence: 0.3,
        tracking: true,
        decode: 'auto',
        state: 'watching',
        zones_configured: true,
      },
    ],
    ...change,
  },
});
const detections = (instanceId = 'a'): HouseMessage => {
  const body: DetectionsMessage = {
    instance_id: instanceId,
    boot_id: 'b1',
    source_id: 2,
    frame_id: 1,
    timestamp: at(0),
    model_id: 'light',
    inference_time_ms: 10,
    latency_ms: 20,
    fps: 0.1,
    image: { width: 100, height: 50 },
    detections: [
      { class_name: 'person', confidence: 0.9, bbox: { x: 50, y: 25, width: 20, height: 10 }, posture: 'low' },
    ],
  };
  return { kind: 'detections', detections: body };
};
const connected: HouseMessage = { kind: 'connected' };
const watched = [
  [0, connected],
  [0, status('a', 0.1)],
  [10, detections()],
] as const;

describe('a room’s tile', () => {
  it('names who set the rate, where the processor reports it', () => {
    const owner = { by: 'operator', command_id: 'c-1', at: at(0) } as const;
    const streams = (status('a', 5).status?.streams ?? []).map((one) => ({ ...one, set_by: { max_fps: owner } }));
    expect(play([[0, status('a', 5, { streams })]], 100)).toMatchObject({ maxFps: 5, rateSetBy: 'operator' });
    expect(play([[0, status('a', 5)]], 100)).toMatchObject({ maxFps: 5 });
    expect(play([[0, status('a', 5)]], 100)).not.toHaveProperty('rateSetBy');
  });

  it('gives outlines in 0..1 of the picture, and never leaves it', () => {
    expect(play(watched, 100)?.outlines).toEqual([
      { x: 0.4, y: 0.4, width: 0.2, height: 0.2, person: true, low: true },
    ]);
  });
});

describe('pictures', () => {
  const snapshots = (change: object | undefined): boolean => {
    const status = { instance_id: 'orchestrator', boot_id: 'o', status: 'acting', timestamp: at(0), snapshots: true };
    const heard = { kind: 'orchestrator', orchestrator: { ...status, ...change } } as HouseMessage;
    const house = fold(emptyHouse(startMs), connected, startMs);
    const known = change === undefined ? house : fold(house, heard, startMs);
    return houseView(known, { nowMs: startMs, senderOf: () => undefined }).head.snapshots;
  };

  it('are allowed only by an orchestrator that acts and allows them', () => {
    expect(snapshots({})).toBe(true);
    for (const status of ['starting', 'waiting', 'stopping', 'offline']) {
      expect(snapshots({ status })).toBe(false);
    }
    for (const change of [{ snapshots: false }, { snapshots: undefined }, undefined]) {
      expect(snapshots(change)).toBe(false);
    }
  });
});

describe('commands and answers', () => {
  const view = (messages: readonly HouseMessage[]) => {
    const house = messages.reduce((before: House, one) => fold(before, one, startMs), emptyHouse(startMs));
    return houseView(house, { nowMs: startMs, senderOf: (id) => (id === 'c1' ? 'Ana' : undefined) }).commands;
  };
  const ack = (ack_status: 'received' | 'completed', instance_id = 'a'): HouseMessage => ({
    kind: 'ack',
    to: 'processors',
    ack: { instance_id, client_id: instance_id, command: 'set_fps', command_id: 'c1', ack_status, timestamp: at(0) },
  });

  it('joins a command with the last answer of each, whatever the order', () => {
    const command: HouseMessage = {
      kind: 'command',
      to: 'processors',
      command: { command: 'set_fps', command_id: 'c1' },
    };
    const { c1 } = view([ack('completed'), ack('received'), command, ack('received', 'b')]);
    expect(c1?.by).toBe('Ana');
    expect(c1?.answers.map(({ from, status }) => [from, status])).toEqual([
      ['a', 'completed'],
      ['b', 'received'],
    ]);
  });

  it('shows no credentials of a camera', () => {
    const command = { command: 'change_stream_uri', command_id: 'c1', params: { uri: 'rtsp://me:secret@cam/1' } };
    expect(view([{ kind: 'command', to: 'processors', command }]).c1?.params).not.toContain('secret');
  });

  it('shows none of what a processor answered either', () => {
    const heard = ack('completed') as Extract<HouseMessage, { kind: 'ack' }>;
    const refused = { ...heard, ack: { ...heard.ack, message: 'rtsp://me:a/secret@cam/1 cannot be opened' } };
    const command: HouseMessage = { kind: 'command', to: 'processors', command: { command: 'x', command_id: 'c1' } };
    expect(view([command, refused]).c1?.answers[0]?.message).toBe('rtsp://***@cam/1 cannot be opened');
  });
});

describe('the clock of a processor', () => {
  const orchestrator = (change: Partial<OrchestratorStatus> = {}): HouseMessage => ({
    kind: 'orchestrator',
    orchestrator: {
      instance_id: 'orchestrator',
      boot_id: 'o1',
      status: 'acting',
      timestamp: at(0),
      clock_skew_seconds: { a: 3600, b: -75 },
      ...change,
    },
  });
  const aheadOf = (...messages: readonly HouseMessage[]) => {
    const house = messages.reduce((before: House, one) => fold(before, one, startMs), emptyHouse(startMs));
    const { processors } = houseView(house, { nowMs: startMs, senderOf: () => undefined });
    return Object.fromEntries(Object.values(processors).map((one) => [one.id, one.clockAheadSeconds]));
  };

  test('is shown where it differs from the orchestrator’s, ahead or behind, and nowhere else', () => {
    const all = [status('a', 1), status('b', 1), status('c', 1), status('constructor', 1)];
    expect(aheadOf(connected, ...all, orchestrator())).toEqual({
      a: 3600,
      b: -75,
      c: undefined,
      constructor: undefined,
    });
  });

  test('is not shown while the processor or the orchestrator is offline', () => {
    const offline = status('a', 1, { status: 'offline' });
    expect(aheadOf(connected, offline, orchestrator())).toEqual({ a: undefined });
    expect(aheadOf(connected, status('a', 1), orchestrator({ status: 'offline' }))).toEqual({ a: undefined });
  });
});
