import { type ClipFrame, channels, clipFrameLabel, clipPurpose, createTopics, type Incident } from '@vigilia/protocol';
import { type Bus, ChannelBus, SealedBoxKey, systemClock } from '@vigilia/service';
import { makeIncident } from '@vigilia/simulated-site';
import {
  captureLogger,
  eventually,
  FakeClock,
  type FaultyCamera,
  makeCodedVideo,
  requires,
  silentLogger,
  startFaultyCamera,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { type Role, type RoleBroker, startRoleBroker } from '../../../../deploy/mosquitto/testing/start-with-roles.ts';
import { findFfmpeg } from '../stream/find-ffmpeg.ts';
import { FfmpegRoomStream } from '../stream/room-stream.ts';
import { openCamera } from '../test-support/open-camera.ts';
import { makeSite, startHouse } from '../test-support/processor-house.ts';
import { usualSpec } from '../test-support/usual-spec.ts';
import { ClipSender } from './clip-sender.ts';
import { IncidentClips } from './incident-clips.ts';

const topics = createTopics();
const sourceId = 2;

/** Width and height of a JPEG: the two numbers after its start-of-frame marker (ITU T.81, B.2.2). */
function jpegSize(jpeg: Buffer): readonly [number, number] {
  for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xc2) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
  }
  throw new Error('no JPEG');
}

requires('ffmpeg', 'mosquitto')('the clip of an incident, with the roles of the product', () => {
  let broker: RoleBroker;
  let folder: TempFolder;
  let camera: FaultyCamera;
  let stream: FfmpegRoomStream;
  let clips: IncidentClips;
  let cameraSinceMs: number;
  const { logger, lines } = captureLogger();
  const connected: Bus[] = [];
  const connect = async (role: Role): Promise<ChannelBus> => {
    const bus = await broker.connect(role);
    connected.push(bus);
    return new ChannelBus({ bus, roots: topics.roots, logger: silentLogger(), clock: new FakeClock() });
  };

  beforeAll(async () => {
    [broker, folder] = await Promise.all([startRoleBroker(), tempFolder('clips')]);
    await makeCodedVideo({ file: folder.file('room.h264'), fps: 10, seconds: 120, encoder: 'keyint=10:bframes=0' });
    camera = await startFaultyCamera({ file: folder.file('room.h264'), fps: 10, codec: 'h264', offsetSeconds: 1 });
    const spec = usualSpec(camera.url, { sourceId });
    stream = new FfmpegRoomStream({ clock: systemClock, logger: silentLogger(), open: openCamera({}), spec });
    stream.start();
    await stream.firstFrame(AbortSignal.timeout(30_000));
    cameraSinceMs = Date.now();
    const bus = await connect('processor');
    const roomOf = (id: number) => (id === sourceId ? { stream } : undefined);
    clips = new IncidentClips({ bus, clock: systemClock, logger, ffmpeg: findFfmpeg(), roomOf });
    const identity = { instanceId: 'processor-a' };
    await clips.start();
    await new ClipSender({ bus, identity, logger, clips }).start();
  });
  afterAll(async () => {
    clips?.stop();
    await stream?.stop();
    await camera?.stop();
    await Promise.all(connected.map((bus) => bus.stop()));
    await folder?.remove();
    await broker?.stop();
  });

  const open = async (id: string, fallMs: number | number[], clip: Incident['clip'] | undefined): Promise<void> => {
    const falls = [fallMs].flat().map((ms, index) => {
      const at = new Date(ms).toISOString();
      return { event_id: `fall-${id}-${index}`, first_low_at: at, alarm_at: at, reported_at: at };
    });
    const at = falls[0]?.alarm_at ?? '';
    const incident = makeIncident({ home: 'processor-a', sourceId, at }, { incident_id: id, falls, clip });
    await (await connect('orchestrator')).publish(channels.incident, { incident_id: id }, incident);
  };
  const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

  /** Asks as the console does; returns a list to which frames are added as they arrive. */
  const ask = async (incidentId: string, key: SealedBoxKey): Promise<ClipFrame[]> => {
    const console = await connect('console');
    const frames: ClipFrame[] = [];
    const requestId = `request-${incidentId}-${connected.length}`;
    await console.subscribe(channels.clipFrame, ({ value }) => {
      if (value?.request_id === requestId) {
        frames.push(value);
      }
    });
    const request = { request_id: requestId, incident_id: incidentId, public_key: key.publicKey };
    await console.publish(channels.clipRequest, {}, request);
    return frames;
  };
  const whole = (frames: readonly ClipFrame[]): Promise<void> =>
    eventually(
      () => {
        expect(frames.length).toBeGreaterThan(0);
        expect(frames).toHaveLength(frames[0]?.count ?? 0);
      },
      { timeoutMs: 30_000 },
    );
  const opened = (key: SealedBoxKey, frame: ClipFrame): Buffer | undefined => {
    const { public_key: senderKey, index, sealed: piece } = frame;
    return key.open({ senderKey, index, piece, label: clipFrameLabel(frame) }, clipPurpose);
  };
  const recorded = (id: string): Promise<void> =>
    eventually(
      () => expect(lines.map((line) => [line.event, line.incident_id])).toContainEqual(['clip_recorded', id]),
      {
        timeoutMs: 30_000,
      },
    );

  it.each([
    ['blurred', [32, 18]],
    ['plain', [320, 180]],
  ] as const)(
    'shows the seconds before the alarm at 4 Hz (%s), and only the console that asked can decrypt it',
    async (mode, size) => {
      await eventually(() => expect(Date.now() - cameraSinceMs).toBeGreaterThan(8000), { timeoutMs: 20_000 });
      const id = `inc-${mode}`;
      const fallMs = Date.now() - 3000;
      await open(id, fallMs, { mode, until: inMinutes(10) });
      await recorded(id);
      const key = new SealedBoxKey();
      const frames = await ask(id, key);
      await whole(frames);
      const pictures = frames.map((frame) => opened(key, frame));
      expect(pictures.map((picture) => picture && jpegSize(picture))).toEqual(frames.map(() => size));
      expect(new Set(pictures.map((picture) => picture?.toString('base64'))).size).toBeGreaterThan(frames.length / 2);
      const times = frames.map(({ at }) => Date.parse(at) - fallMs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times[0]).toBeLessThan(-3000);
      expect(times.at(-1)).toBeGreaterThan(1500);
      expect(frames.length).toBeGreaterThan(2 * ((times.at(-1) ?? 0) - (times[0] ?? 0)) * 0.001);
      const other = new SealedBoxKey();
      expect(frames.map((frame) => opened(other, frame)).filter((picture) => picture !== undefined)).toEqual([]);
      // neither the log nor what travels shows a picture
      const jpegs = pictures.map((picture) => picture?.subarray(0, 60).toString('base64').slice(0, 70) ?? '');
      const shown = JSON.stringify([lines, frames]);
      expect(jpegs.filter((jpeg) => shown.includes(jpeg))).toEqual([]);
    },
  );

  it('shows a later fall of the incident too, and still the first one', async () => {
    await eventually(() => expect(Date.now() - cameraSinceMs).toBeGreaterThan(28_000), { timeoutMs: 40_000 });
    const clip = { mode: 'blurred', until: inMinutes(10) } as const;
    const [firstMs, laterMs] = [Date.now() - 23_000, Date.now()];
    await open('inc-again', firstMs, clip);
    await recorded('inc-again');
    await open('inc-again', [firstMs, laterMs], clip);
    const key = new SealedBoxKey();
    await eventually(
      async () => {
        const frames = await ask('inc-again', key);
        await whole(frames);
        const times = frames.map(({ at }) => Date.parse(at));
        // the first one is out of the time of the later one
        expect(times[0]).toBeLessThan(laterMs - 20_000 - 1000);
        expect(times.at(-1)).toBeGreaterThan(laterMs);
        expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
      },
      { timeoutMs: 60_000 },
    );
  });

  it('is not made where the incident allows none, and is deleted when that is taken back or its time is over', async () => {
    const fallMs = Date.now() - 3000;
    const clip = { mode: 'blurred', until: inMinutes(10) } as const;
    for (const id of ['inc-kept', 'inc-withdrawn']) {
      await open(id, fallMs, clip);
      await recorded(id);
    }
    await open('inc-short', fallMs, { mode: 'blurred', until: new Date(Date.now() + 1500).toISOString() });
    await open('inc-withdrawn', fallMs, undefined);
    await open('inc-never', fallMs, undefined);
    await eventually(async () => {
      const key = new SealedBoxKey();
      const refused = await Promise.all(['inc-withdrawn', 'inc-short', 'inc-never'].map((id) => ask(id, key)));
      // its answer comes after what would be sent for the others
      await whole(await ask('inc-kept', key));
      expect(refused.map((frames) => frames.length)).toEqual([0, 0, 0]);
    });
  });

  it.each(['operator', 'notifier', 'readonly', 'orchestrator', 'processor'] as const)(
    'cannot be requested by the role %s',
    async (role) => {
      const request = { request_id: 'r', incident_id: 'inc-kept', public_key: new SealedBoxKey().publicKey };
      await expect((await connect(role)).publish(channels.clipRequest, {}, request)).rejects.toMatchObject({
        code: 'refused',
      });
    },
  );
});

requires('ffmpeg')('a processor as it is started', () => {
  it('answers the console with frames of the fall, where it keeps packets', async () => {
    const site = await makeSite();
    const house = await startHouse({ site, flags: ['--streams', '2', '--keep-packets', '45'] });
    try {
      const bus = new ChannelBus({
        bus: house.client,
        roots: topics.roots,
        logger: silentLogger(),
        clock: systemClock,
      });
      const senders: string[] = [];
      await bus.subscribe(channels.clipFrame, ({ places }) => void senders.push(places.instance_id));
      await house.detections.next();
      const at = new Date().toISOString();
      const clip = { mode: 'plain', until: new Date(Date.now() + 600_000).toISOString() } as const;
      const falls = [{ event_id: 'fall', first_low_at: at, alarm_at: at, reported_at: at }];
      const incident = makeIncident({ home: 'processor', sourceId, at }, { incident_id: 'inc-1', falls, clip });
      await bus.publish(channels.incident, { incident_id: 'inc-1' }, incident);
      await eventually(() => expect(house.lines.map(({ event }) => event)).toContain('clip_recorded'), {
        timeoutMs: 40_000,
      });
      const request = { request_id: 'r', incident_id: 'inc-1', public_key: new SealedBoxKey().publicKey };
      await bus.publish(channels.clipRequest, {}, request);
      await eventually(() => expect(senders).toContain('processor'));
    } finally {
      await house.stop();
      await site.remove();
    }
  });
});
