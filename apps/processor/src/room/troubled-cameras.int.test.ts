import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { collect, eventually, requires, startRtspCameras } from '@vigilia/testing';
import { findFfmpeg } from '../stream/find-ffmpeg.ts';
import { type CameraWire, startCameraWire } from '../test-support/camera-wire.ts';
import { makeSite, type ProcessorHouse, startHouse, type TestSite, topics } from '../test-support/processor-house.ts';

const results = (house: ProcessorHouse, room: number) =>
  house.detections.messages.filter(({ topic }) => topic === topics.detections(room));

/** Largest time without a result of the room between a moment and now, ms. */
function largestGap(house: ProcessorHouse, room: number, fromMs: number): number {
  const seen = results(house, room).map(({ body }) => Date.parse(String(body?.timestamp)));
  const times = [fromMs, ...seen.filter((at) => at > fromMs), Date.now()];
  return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)));
}

/** Resolves when a room had so many more results. */
const more = (house: ProcessorHouse, room: number, count: number, timeoutMs = 60_000): Promise<void> => {
  const before = results(house, room).length;
  return eventually(() => expect(results(house, room).length).toBeGreaterThanOrEqual(before + count), { timeoutMs });
};

/** A camera's trouble lasts ten seconds and more; the pauses of a busy machine are shorter. */
const beatMs = 5000;

/** Both ways of a frame: all keyframes decoded, or packets kept and decoded on demand. */
const ways = [
  ['as usual', '0'],
  ['with packets kept', '45'],
] as const;

requires('ffmpeg', 'rtsp').each(ways)('a camera that falls silent (%s)', (_, keptSeconds) => {
  let site: TestSite;
  let house: ProcessorHouse;
  let wire: CameraWire;
  let stopCameras: () => Promise<void>;

  beforeAll(async () => {
    site = await makeSite();
    const cameras = await startRtspCameras({ 1: site.folder.file('clip.mp4') });
    stopCameras = () => cameras.stop();
    wire = await startCameraWire({ target: cameras.url });
    house = await startHouse({ site, flags: ['--streams', '0', '--max-fps', '2', '--keep-packets', keptSeconds] });
  });
  afterAll(async () => {
    await house.stop();
    await wire.stop();
    await stopCameras();
    await site.remove();
  });

  it('for half a minute: the room is reported blind for that cause, sees again, and the other room keeps its beat', async () => {
    const blind = await collect(house.client, topics.event('room_blind'));
    const seen = await collect(house.client, topics.event('room_seen'));
    const uri = `${wire.url}/1`;
    expect(await house.send('add_stream', { source_id: 1, uri })).toMatchObject({ ack_status: 'completed' });
    await more(house, 1, 3);
    const heldAt = Date.now();
    wire.hold();
    const { body } = await blind.next((event) => event.body?.source_id === 1, 40_000);
    // ffmpeg gives up after the same ten seconds: who of the two is first names the cause
    expect(['silent', 'unreachable']).toContain(body?.reason);
    await eventually(() => expect(Date.now() - heldAt).toBeGreaterThan(30_000), { timeoutMs: 40_000 });
    expect(results(house, 1).filter((one) => Date.parse(String(one.body?.timestamp)) > heldAt + 3000)).toEqual([]);
    wire.release();
    await seen.next((event) => event.body?.source_id === 1, 60_000);
    await more(house, 1, 2);
    expect(largestGap(house, 0, heldAt)).toBeLessThan(beatMs);
  });
});

const lines = 60_000;

/** An ffmpeg that logs a lot more than it should in room 1 (its playlist names the clip), and ends that with a file. */
const floodingFfmpeg = (ffmpeg: string, done: string): string => `#!/bin/sh
case "$*" in
*pipe:0*) ;;
*) exec '${ffmpeg}' "$@" ;;
esac
playlist=$(cat)
case "$playlist" in
*/1.mp4*)
  {
    n=0
    while [ $n -lt ${lines} ]; do
      echo "[h264 @ 0x55] [error] error while decoding MB 71 44, bytestream -7: corrupted macroblock, and so on and on" >&2
      n=$((n + 1))
    done
    : > '${done}'
  } &
  ;;
esac
exec '${ffmpeg}' "$@" <<END
$playlist
END
`;

requires('ffmpeg').each(ways)('an ffmpeg that floods its standard error (%s)', (_, keptSeconds) => {
  it('with megabytes: the other room keeps its beat, and the room itself is watched', async () => {
    const site = await makeSite();
    const [program, done] = [site.folder.file('flooding-ffmpeg'), site.folder.file('flood-is-over')];
    await writeFile(program, floodingFfmpeg(findFfmpeg(), done));
    await chmod(program, 0o755);
    const before = process.env.FFMPEG_BIN;
    process.env.FFMPEG_BIN = program;
    const house = await startHouse({
      site,
      flags: ['--streams', '0', '--max-fps', '2', '--keep-packets', keptSeconds],
    }).finally(() => {
      if (before === undefined) {
        delete process.env.FFMPEG_BIN;
      } else {
        process.env.FFMPEG_BIN = before;
      }
    });
    try {
      await more(house, 0, 2);
      const from = Date.now();
      const ack = await house.send('add_stream', { source_id: 1, require_frame: false });
      expect(ack).toMatchObject({ ack_status: 'completed' });
      await eventually(() => expect(existsSync(done)).toBe(true), { timeoutMs: 60_000 });
      await more(house, 1, 3);
      expect(largestGap(house, 0, from)).toBeLessThan(beatMs);
    } finally {
      await house.stop();
      await site.remove();
    }
  });
});
