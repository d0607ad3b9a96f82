import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Status } from '@vigilia/protocol';
import {
  type Collected,
  type Collector,
  collect,
  eventually,
  ffmpegPath,
  type Mosquitto,
  repoRoot,
  requires,
  startMosquitto,
} from '@vigilia/testing';
import { makeSite, type ProcessorHouse, startHouse, type TestSite, topics } from '../test-support/processor-house.ts';

const scene = join(repoRoot, 'demo', 'stills', 'still-standing.png');
/** The first part of each clip is clear, the second one is not; then the clip begins anew. */
const clearSeconds = 20;
const poorSeconds = 80;
/** A result is due every half second; the pauses of a busy machine are shorter than this. */
const beatMs = 5000;

/** Films the scene with a change of the frame that begins after the clear part. */
async function film(file: string, ...filters: readonly string[]): Promise<void> {
  const input = ['-loop', '1', '-framerate', '5', '-t', String(clearSeconds + poorSeconds), '-i', scene];
  const changes = filters.map((filter) => `${filter}:enable='gte(t,${clearSeconds})'`);
  const coder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '5', '-bf', '0', '-pix_fmt', 'yuv420p'];
  const chain = ['scale=640:360', 'format=yuv420p', ...changes].join(',');
  await promisify(execFile)(ffmpegPath() ?? '', ['-nostdin', '-v', 'error', ...input, '-vf', chain, ...coder, file]);
}

requires('ffmpeg', 'mosquitto')('rooms in which nothing can be seen, over MQTT', () => {
  let site: TestSite;
  let broker: Mosquitto;
  let house: ProcessorHouse;
  let blind: Collector;
  let seen: Collector;
  let statuses: Collector;

  beforeAll(async () => {
    site = await makeSite();
    broker = await startMosquitto();
    const file = (room: number): string => site.folder.file(`${room}.mp4`);
    await Promise.all([
      film(file(50), 'lutyuv=y=17:u=128:v=128', 'noise=alls=6:allf=t'),
      film(file(51), 'boxblur=40:5', "lutyuv=y='40+val/6'", 'noise=alls=5:allf=t'),
      film(file(52)),
    ]);
    const flags = ['--streams', '50,51,52', '--max-fps', '2', '--clip-clock', String(Date.now())];
    house = await startHouse({ site, url: broker.url, flags });
    blind = await collect(house.client, topics.event('room_blind'));
    statuses = await collect(house.client, topics.statusAny);
    seen = await collect(house.client, topics.event('room_seen'));
  });
  afterAll(async () => {
    await house?.stop();
    await broker?.stop();
    await site?.remove();
  });

  beforeAll(() => eventually(() => expect(streamOf(52)).toMatchObject({ state: 'watching' }), { timeoutMs: 60_000 }));

  const streamsOf = (message: Collected | undefined) => (message?.body as unknown as Status | undefined)?.streams ?? [];
  /** What the retained status reports of the room. */
  const streamOf = (room: number) => streamsOf(statuses.messages.at(-1)).find(({ source_id }) => source_id === room);
  const resultsOf = (room: number) => house.detections.messages.filter(({ body }) => body?.source_id === room);
  const timesOf = (room: number) => resultsOf(room).map(({ body }) => Date.parse(String(body?.timestamp)));

  it('are reported as dark and as covered after a minute, in an event and in the status, until they can be seen', async () => {
    const rooms = [
      { room: 50, cause: 'dark', remedy: 'lamp' },
      { room: 51, cause: 'covered', remedy: 'covers the lens' },
    ];
    const newest = ({ messages }: Collector, room: number) =>
      messages.findLast(({ body }) => body?.source_id === room)?.body;
    const wait = { timeoutMs: 150_000 };
    const follow = async ({ room, cause, remedy }: (typeof rooms)[number]): Promise<void> => {
      await eventually(() => expect(streamOf(room)).toMatchObject({ state: 'blind', blind_cause: cause }), wait);
      const event = newest(blind, room);
      expect(event).toMatchObject({ reason: cause, detail: expect.stringContaining(remedy) });
      const since = Date.parse(String(streamOf(room)?.blind_since));
      expect(Date.parse(String(event?.timestamp)) - since).toBeGreaterThanOrEqual(60_000);
      await eventually(() => expect(streamOf(room)).toMatchObject({ state: 'watching' }), wait);
      expect(streamOf(room)).not.toHaveProperty('blind_cause');
      expect(newest(seen, room)).toMatchObject({ trace_id: event?.event_id });
    };
    await Promise.all(rooms.map(follow));
    expect(blind.messages.map(({ body }) => body?.source_id)).not.toContain(52);
  });

  it.each([
    [{ rotate: 90 }, { width: 360, height: 640 }],
    [
      { rotate: 0, aspect: '4:3' },
      { width: 480, height: 360 },
    ],
    [{ aspect: null }, { width: 640, height: 360 }],
  ])('set_camera %j changes a room that is being watched without a gap', async (change, image) => {
    const from = Date.now();
    const before = statuses.messages.length;
    const params = { source_id: 52, ...change };
    expect(await house.send('set_camera', params)).toMatchObject({ ack_status: 'completed' });
    await eventually(() => expect(resultsOf(52).at(-1)?.body).toMatchObject({ image }), { timeoutMs: 30_000 });
    const times = timesOf(52).filter((at) => at >= from - 2000);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
    expect(Math.max(...gaps)).toBeLessThan(beatMs);
    const states = statuses.messages.slice(before).flatMap(streamsOf);
    expect(states.filter(({ source_id, state }) => source_id === 52 && state !== 'watching')).toEqual([]);
    expect(blind.messages.map(({ body }) => body?.source_id)).not.toContain(52);
  });
});
