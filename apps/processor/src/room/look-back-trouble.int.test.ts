import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RoomState } from '@vigilia/protocol';
import { systemClock } from '@vigilia/service';
import { eventually, requires, spawnTypeScript, startFaultyCamera } from '@vigilia/testing';
import {
  eventOf,
  type FallRoom,
  type FallSite,
  makeFallSite,
  monitorFall,
  type RoomOptions,
} from '../test-support/suspected-fall.ts';
import { starvedPast, wrappedFfmpeg } from '../test-support/wrapped-ffmpeg.ts';

const program = fileURLToPath(new URL('../test-support/doomed-look-back.ts', import.meta.url));

requires('ffmpeg')('a look-back in trouble', () => {
  let site: FallSite & AsyncDisposable;
  const rooms: FallRoom[] = [];

  beforeAll(async () => {
    site = await makeFallSite();
  });
  afterEach(async () => {
    await Promise.all(rooms.splice(0).map((room) => room.stop()));
  });
  afterAll(() => site[Symbol.asyncDispose]());

  async function monitor(options: RoomOptions): Promise<FallRoom> {
    const room = await monitorFall(site, options);
    rooms.push(room);
    return room;
  }

  const logged = async (room: FallRoom, event: string): Promise<FallRoom['lines'][number]> => {
    const line = () => room.lines.find((one) => one.event === event && one.source_id === 2);
    await eventually(() => expect(line()).toBeDefined(), { timeoutMs: 60_000 });
    return line() ?? { level: '', message: '' };
  };
  const published = async (room: FallRoom, event: string) => {
    await eventually(() => expect(eventOf(room.events, event)).toBeDefined(), { timeoutMs: 60_000 });
    return eventOf(room.events, event);
  };
  const secondsOff = (iso: unknown, atMs: number): number => Math.abs(Date.parse(String(iso)) - atMs) / 1000;

  test('the memory limit is reached: only the seconds that fit are analysed, and the alarm comes', async () => {
    const bytesPerSecond = statSync(site.video).size / 100;
    const keptSeconds = 12;
    const roomBytes = Math.round(keptSeconds * bytesPerSecond);
    const room = await monitor({ limits: { seconds: 45, roomBytes, totalBytes: 10 * roomBytes } });
    const done = await logged(room, 'looked_back');
    // of about twenty seconds, at four frames per second
    expect(done.seconds).toBeGreaterThan(18);
    expect(done.frames).toBeGreaterThan(10);
    expect(done.frames).toBeLessThanOrEqual(4 * (keptSeconds + 2));
    expect(await published(room, 'fall_detected')).toMatchObject({ source_id: 2 });
  });

  test('the processor is short of CPU time: live rooms keep their rate, and the look-back is given up after its time limit, which the log states', async () => {
    const room = await monitor({ model: 'slow', lookBackLimitMs: 5000 });
    const { results } = await room.addRoom(3, 0.5);
    const cut = await logged(room, 'look_back_cut_short');
    expect(cut.reason).toBe('it took longer than 5 s');
    const gaps = results.slice(1).map(({ atMs }, index) => atMs - (results[index]?.atMs ?? atMs));
    expect(gaps.length).toBeGreaterThan(3);
    const inferenceMs = Math.max(...results.map((result) => result.inferenceMs));
    // a room may wait for one frame of the past, and the model takes its time for the room's own
    expect(Math.max(...gaps)).toBeLessThan(1.5 * 2000 + 2 * inferenceMs);
    expect(await published(room, 'fall_detected')).toBeDefined();
  });

  test('the decoder of the past gets no CPU time: it is ended after the time limit, and the alarm comes by the live frames', async () => {
    const room = await monitor({ ffmpeg: await wrappedFfmpeg(site.folder, starvedPast), lookBackLimitMs: 5000 });
    expect(await logged(room, 'look_back_cut_short')).toMatchObject({ reason: 'it took longer than 5 s', frames: 0 });
    const alarm = await published(room, 'fall_detected');
    expect(alarm?.evidence).not.toHaveProperty('look_back');
  });

  test('the camera is lost in the middle: what it sent before is analysed to the end', async () => {
    const room = await monitor({});
    await logged(room, 'looks_back');
    await room.camera?.stop();
    const done = await logged(room, 'looked_back');
    expect(done.frames).toBeGreaterThan(30);
    expect(room.lines.filter(({ event }) => event === 'look_back_cut_short')).toEqual([]);
    expect(await published(room, 'fall_detected')).toMatchObject({ evidence: { look_back: true, observed: true } });
  });

  test.each([
    ['forwards', 3_600_000],
    ['backwards', -3_600_000],
  ])('the clock of the machine jumps %s by an hour: the fall keeps its moment', async (_, stepMs) => {
    let offsetMs = 0;
    const room = await monitor({ clock: { ...systemClock, now: () => Date.now() + offsetMs } });
    offsetMs = stepMs;
    const alarm = await published(room, 'fall_detected');
    expect(alarm?.evidence).toMatchObject({ look_back: true, observed: true });
    expect(secondsOff(alarm?.detected_at, room.fellMs)).toBeLessThan(1.5);
    // frames follow the clock of the machine, so that subscribers see how old a message is
    expect(secondsOff(new Date(room.stream.newest()?.wallMs ?? 0).toISOString(), Date.now() + stepMs)).toBeLessThan(15);
    expect(room.stream.blind()).toBeUndefined();
  });

  test('the processor is killed: the next one reports that the past is lost, and raises the alarm', async () => {
    const camera = await startFaultyCamera({ file: site.video, fps: 10 });
    const doomed = spawnTypeScript(program, [site.folder.path, camera.url]);
    try {
      await eventually(() => expect(doomed.stdout()).toContain('\n'), { timeoutMs: 90_000 });
      doomed.child.kill('SIGKILL');
      await doomed.ended;
      const restored = JSON.parse(doomed.stdout()) as RoomState;
      expect(restored.fall.state).toMatch(/candidate|down/);
      const room = await monitor({ url: camera.url, restored });
      expect(await logged(room, 'past_lost')).toMatchObject({ fall_state: restored.fall.state });
      await published(room, 'fall_detected');
    } finally {
      doomed.child.kill('SIGKILL');
      await camera.stop();
    }
  });
});
