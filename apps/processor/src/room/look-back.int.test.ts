import { pathToFileURL } from 'node:url';
import type { RoomState, VigiliaEvent } from '@vigilia/protocol';
import { systemClock } from '@vigilia/service';
import {
  captureLogger,
  eventually,
  type LogLine,
  makeClip,
  makeModel,
  requires,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { defaultFallPolicy, describeModel } from '@vigilia/vision';
import { findFfmpeg } from '../stream/find-ffmpeg.ts';
import { usualSpec } from '../test-support/usual-spec.ts';
import { createRoomParts } from './create-room-parts.ts';
import { RoomPeople } from './room-people.ts';

/** The person of the clip stands until then, and lies from then on, s. */
const fallsAtSeconds = 14;
const settings = { maxFps: 0.1, confidence: 0.25, tracking: true, zones: [] };
const sceneModel = describeModel({
  inputs: [{ name: 'images', shape: [1, 3, 320, 320] }],
  outputs: [{ name: 'output0', shape: [1, 84, 2100] }],
});

requires('ffmpeg')('a person who falls between two frames of a quiet room', () => {
  let folder: TempFolder;
  const ending: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    folder = await tempFolder('look-back');
    const scene = [
      { seconds: fallsAtSeconds, level: 20 },
      { seconds: 86, level: 220 },
    ];
    await makeClip({ file: folder.file('fall.mp4'), size: '320x180', fps: 10, gop: 10, pattern: scene });
    const standing = { x1: 140, y1: 80, x2: 180, y2: 230 };
    const lying = { x1: 80, y1: 180, x2: 240, y2: 230 };
    const scenes = { size: 320, boxes: [standing], brightBoxes: [lying], brightness: 0.5 };
    await makeModel({ file: folder.file('scene.onnx'), ...scenes });
  });
  afterEach(async () => {
    for (const one of ending.splice(0).reverse()) {
      await one.stop();
    }
  });
  afterAll(() => folder.remove());

  /** Monitors the clip every 10 s. */
  async function monitor(options: { kept: boolean; clipEpochMs: number; restored?: RoomState }): Promise<{
    events: readonly VigiliaEvent[];
    lines: readonly LogLine[];
    sights: readonly number[];
  }> {
    const events: VigiliaEvent[] = [];
    const sights: number[] = [];
    const { logger, lines } = captureLogger();
    const { kept, clipEpochMs, restored } = options;
    const parts = createRoomParts({
      clock: systemClock,
      logger,
      clipEpochMs,
      modelsDir: folder.path,
      mediaDir: folder.path,
      modelThreads: 1,
      ffmpeg: findFfmpeg(),
      packetLimits: kept ? { seconds: 45, roomBytes: 64_000_000, totalBytes: 256_000_000 } : undefined,
      identity: { instanceId: 'processor-a', bootId: 'boot' },
      output: { detections: () => {}, event: (event) => void events.push(event), room: () => {} },
      replays: { observe: ({ atMs }) => void sights.push(atMs) },
    });
    const address = pathToFileURL(folder.file('fall.mp4')).href;
    const stream = parts.openStream(usualSpec(address, { width: 320, height: 320, decode: 'keyframes' }));
    ending.push(stream);
    stream.start();
    const model = await parts.loadModel('scene', AbortSignal.timeout(30_000));
    ending.push(model);
    await stream.firstFrame(AbortSignal.timeout(30_000));
    ending.push(parts.monitorRoom({ sourceId: 2, stream, model, settings, singleSession: true, restored }));
    return { events, lines, sights };
  }

  /** Monitors the clip until the alarm; answers it, when the person fell, and what was logged. */
  async function alarmOf(kept: boolean) {
    const clipEpochMs = Date.now();
    const { events, lines, sights } = await monitor({ kept, clipEpochMs });
    const found = (): VigiliaEvent | undefined => events.find(({ event }) => event === 'fall_detected');
    await eventually(() => expect(found()).toBeDefined(), { timeoutMs: 90_000 });
    const alarm = found();
    if (alarm === undefined) throw new Error('no alarm');
    return { alarm, fellMs: clipEpochMs + fallsAtSeconds * 1000, log: JSON.stringify(lines), sights };
  }

  test('was on the floor since the moment of the fall, which was seen in the packets that the camera had sent', async () => {
    const { alarm, fellMs, log, sights } = await alarmOf(true);
    expect(alarm.evidence).toMatchObject({ look_back: true, observed: true, abrupt: true });
    expect(Math.abs(Date.parse(alarm.detected_at ?? '') - fellMs)).toBeLessThan(1500);
    expect(log).toContain('looked_back');
    // the replay of the fall shows what led to it
    expect(sights.filter((at) => Math.abs(at - fellMs) < 3000).length).toBeGreaterThan(10);
  });

  test('is only known to have been low when a frame showed it, where packets are not kept', async () => {
    const { alarm } = await alarmOf(false);
    expect(alarm.evidence).not.toHaveProperty('look_back');
    expect(alarm.evidence).not.toHaveProperty('observed');
  });

  test('is decided without the past by a processor that took the room over, which logs what it could not look at', async () => {
    const goneSeconds = 20;
    const leftMs = Date.now() - goneSeconds * 1000;
    const model = { modelId: 'scene', description: sceneModel };
    const left = new RoomPeople({ sourceId: 2, settings, policy: defaultFallPolicy, model });
    for (const ago of [10_000, 0]) {
      const detections = [
        { classId: 0, className: 'person', confidence: 0.9, box: { x1: 140, y1: 10, x2: 180, y2: 160 } },
      ];
      left.observe({ atMs: leftMs - ago, detections, frameSize: { width: 320, height: 180 } });
    }
    const since = new Date(leftMs).toISOString();
    const restored: RoomState = { source_id: 2, watcher: 'processor-b', since, ...left.state() };
    const clipEpochMs = Date.now() - (fallsAtSeconds + 5) * 1000;
    const { lines } = await monitor({ kept: true, clipEpochMs, restored });
    const looked = await eventually(() => {
      const found = lines.find(({ event }) => event === 'looked_back');
      if (found === undefined) throw new Error('not looked back yet');
      return found;
    });
    expect(looked.missing_seconds).toBeGreaterThan(goneSeconds - 10);
  });
});
