import { pathToFileURL } from 'node:url';
import type { DetectionsMessage, RoomState, VigiliaEvent } from '@vigilia/protocol';
import { systemClock } from '@vigilia/service';
import {
  captureLogger,
  eventually,
  makeClip,
  makeModel,
  requires,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import type { ModelHost } from '../model/supervised-model-host.ts';
import { findFfmpeg } from '../stream/find-ffmpeg.ts';
import type { RoomStream } from '../stream/room-stream.ts';
import type { StreamSpec } from '../stream/stream-spec.ts';
import { usualSpec } from '../test-support/usual-spec.ts';
import type { RoomParts } from './create-room-parts.ts';
import { createRoomParts } from './create-room-parts.ts';
import type { MonitorSettings } from './monitor-settings.ts';
import type { MonitoredRoom } from './room-monitor.ts';

const { logger } = captureLogger();
const settings: MonitorSettings = { maxFps: 2, confidence: 0.25, tracking: true, zones: [] };

/** Largest time without a result until now, ms; a room that is silent to the end has one too. */
function largestGap(messages: readonly DetectionsMessage[], fromMs = Date.parse(messages[0]?.timestamp ?? '')): number {
  const at = messages.map((one) => Date.parse(one.timestamp)).filter((time) => time > fromMs);
  const times = [fromMs, ...at, Date.now()];
  return Math.max(...times.slice(1).map((time, i) => time - (times[i] ?? 0)));
}

requires('ffmpeg')('rooms watched with real ffmpeg and real models', () => {
  let folder: TempFolder;
  let parts: RoomParts;
  let messages: DetectionsMessage[] = [];
  let events: VigiliaEvent[] = [];
  let states: RoomState[] = [];
  const ending: { stop(): Promise<void> }[] = [];
  beforeAll(async () => {
    folder = await tempFolder('watch');
    await makeClip({ file: folder.file('room.mp4'), size: '320x180', fps: 10, gop: 5, seconds: 20 });
    // a person stands in the dark part and lies in the bright one
    const scene = [
      { seconds: 18, level: 20 },
      { seconds: 82, level: 220 },
    ];
    await makeClip({ file: folder.file('fall.mp4'), size: '320x180', fps: 5, gop: 5, pattern: scene });
    const standing = { x1: 140, y1: 80, x2: 180, y2: 230 };
    const lying = { x1: 80, y1: 180, x2: 240, y2: 230 };
    const scenes = { size: 320, boxes: [standing], brightBoxes: [lying], brightness: 0.5 };
    await makeModel({ file: folder.file('light.onnx'), size: 320 });
    await makeModel({ file: folder.file('heavy.onnx'), size: 320, behaviour: 'slow', matmuls: 30 });
    await makeModel({ file: folder.file('scene.onnx'), ...scenes });
  });
  // anew for each test: clips have been playing since then
  beforeEach(() => {
    parts = createRoomParts({
      clock: systemClock,
      logger,
      modelsDir: folder.path,
      mediaDir: folder.path,
      modelThreads: 1,
      ffmpeg: findFfmpeg(),
      packetLimits: { seconds: 45, roomBytes: 64_000_000, totalBytes: 256_000_000 },
      identity: { instanceId: 'processor-a', bootId: 'boot' },
      replays: { observe: () => {} },
      output: {
        detections: (message) => void messages.push(message),
        event: (event) => void events.push(event),
        room: (state) => void states.push(state),
      },
    });
    messages = [];
    events = [];
    states = [];
  });
  afterEach(async () => {
    for (const one of ending.splice(0).reverse()) {
      await one.stop();
    }
  });
  afterAll(() => folder.remove());

  const load = async (id: string): Promise<ModelHost> => {
    const model = await parts.loadModel(id, new AbortController().signal);
    ending.push(model);
    return model;
  };
  async function open(sourceId: number, changes: Partial<StreamSpec> = {}, clip = 'room.mp4'): Promise<RoomStream> {
    const address = pathToFileURL(folder.file(clip)).href;
    const stream = parts.openStream(usualSpec(address, { sourceId, width: 320, height: 320, ...changes }));
    ending.push(stream);
    stream.start();
    await stream.firstFrame(AbortSignal.timeout(60_000));
    return stream;
  }
  function monitorRoom(
    sourceId: number,
    stream: RoomStream,
    model: ModelHost,
    changes: Partial<MonitorSettings> = {},
  ): MonitoredRoom {
    const monitor = parts.monitorRoom({ sourceId, stream, model, settings: { ...settings, ...changes } });
    ending.push(monitor);
    return monitor;
  }
  const of = (sourceId: number): DetectionsMessage[] => messages.filter((one) => one.source_id === sourceId);
  const results = (sourceId: number, count: number): Promise<void> =>
    eventually(() => expect(of(sourceId).length).toBeGreaterThanOrEqual(count), { timeoutMs: 40_000 });

  test('a room is watched at its rate, every frame once', async () => {
    monitorRoom(2, await open(2), await load('light'));
    await results(2, 8);
    await eventually(() => {
      const last = of(2)
        .slice(-7)
        .map((one) => Date.parse(one.timestamp));
      const perFrame = ((last.at(-1) ?? 0) - (last[0] ?? 0)) / 6;
      expect(perFrame).toBeGreaterThan(400);
      expect(perFrame).toBeLessThan(700);
    });
    const first = of(2)[1];
    expect(of(2).map((one) => one.frame_id)).toEqual(of(2).map((_, i) => i + 1));
    expect(new Set(of(2).map((one) => one.timestamp)).size).toBe(of(2).length);
    expect(first?.detections[0]).toMatchObject({ class_name: 'person', tracker_id: 1 });
    expect(first?.image).toEqual({ width: 320, height: 180 });
  });

  test('another model, another camera, another decoding: no gap and no result of the old after the switch', async () => {
    const [light, heavy] = [await load('light'), await load('heavy')];
    const monitor = monitorRoom(2, await open(2), light);
    await results(2, 4);
    monitor.switchTo({ model: heavy });
    monitor.dueNow();
    const atModel = of(2).length;
    await results(2, atModel + 4);
    expect(
      of(2)
        .slice(atModel)
        .map((one) => one.model_id),
    ).toEqual(
      of(2)
        .slice(atModel)
        .map(() => 'heavy'),
    );
    const next = await open(2, { decode: 'full' });
    const old = monitor.stream;
    monitor.switchTo({ stream: next });
    monitor.dueNow();
    await old.stop();
    const atStream = of(2).length;
    await results(2, atStream + 4);
    // what the heavy model takes here and now is not a gap of the switch
    expect(largestGap(of(2))).toBeLessThan(1500 + 4 * (heavy.stats.usualMs ?? 0));
  });

  test('a fall is played: analysed more closely, reported, and recovered from nothing', async () => {
    const model = await load('scene');
    monitorRoom(2, await open(2, {}, 'fall.mp4'), model, { maxFps: 1 });
    await eventually(() => expect(events.map((one) => one.event)).toContain('fall_detected'), { timeoutMs: 100_000 });
    const alarm = events.find((one) => one.event === 'fall_detected');
    expect(alarm).toMatchObject({ source_id: 2, severity: 'critical', evidence: { abrupt: true } });
    expect(Date.parse(alarm?.alarm_at ?? '') - Date.parse(alarm?.detected_at ?? '')).toBeLessThan(40_000);
    expect(states.at(-1)?.fall).toMatchObject({ state: 'alarm', event_id: alarm?.event_id });
    const burst = of(2).filter((one) => one.fps > 1.3);
    expect(burst.length).toBeGreaterThan(5);
  });

  test('trouble in one room costs the others nothing', async () => {
    const model = await load('light');
    const rooms = [0, 1, 2, 3];
    const streams = await Promise.all(rooms.map((id) => open(id)));
    rooms.forEach((id) => void monitorRoom(id, streams[id] as RoomStream, model, { maxFps: 1 }));
    await results(3, 3);
    const from = Date.now();
    const pid = (streams[0] as RoomStream & { pid: number }).pid;
    process.kill(pid, 'SIGSTOP');
    await eventually(() => expect(events.map((one) => [one.event, one.source_id])).toContainEqual(['room_blind', 0]), {
      timeoutMs: 60_000,
    });
    // the trouble lasts ten seconds: a room that shared it would show as much
    for (const id of [1, 2, 3]) {
      expect(largestGap(of(id), from)).toBeLessThan(5000);
    }
    await eventually(() => expect(events.map((one) => [one.event, one.source_id])).toContainEqual(['room_seen', 0]), {
      timeoutMs: 60_000,
    });
    expect(events.every((one) => one.source_id === 0)).toBe(true);
  });

  test('a model host killed under four rooms costs the frame it had and a moment', async () => {
    const model = await load('light');
    const streams = await Promise.all([0, 1, 2, 3].map((id) => open(id)));
    const monitors = streams.map((stream, id) => monitorRoom(id, stream, model, { maxFps: 1 }));
    await results(3, 3);
    process.kill(model.stats.pid as number, 'SIGKILL');
    const counts = [0, 1, 2, 3].map((id) => of(id).length);
    for (const id of [0, 1, 2, 3]) {
      await results(id, (counts[id] ?? 0) + 3);
    }
    expect(model.stats).toMatchObject({ restarts: 1 });
    expect(model.stats.lost).toBeLessThanOrEqual(1);
    expect(monitors.every((monitor) => monitor.counters().blindMs.silent === undefined)).toBe(true);
  });
});
