import { copyFile } from 'node:fs/promises';
import { createTopics, type Status } from '@vigilia/protocol';
import { type Bus, ChannelBus, systemClock } from '@vigilia/service';
import {
  connectBus,
  eventually,
  makeClip,
  type RtspCameras,
  requires,
  silentLogger,
  startBroker,
  startRtspCameras,
  type TempFolder,
  tempFolder,
  testData,
} from '@vigilia/testing';
import { readSiteMessages } from './read-site-messages.ts';
import { type StartedHouse, startHouse } from './test-support/start-house.ts';

const topics = createTopics();
const rooms = ['0', '1', '2', '3'];

requires(
  'data',
  'ffmpeg',
  'rtsp',
)('vigilia start with cameras, models and a broker of one’s own', () => {
  let folder: TempFolder;
  let cameras: RtspCameras;
  let broker: Awaited<ReturnType<typeof startBroker>>;
  let bus: Bus;
  let house: StartedHouse;
  const statuses = new Map<string, Status>();

  beforeAll(async () => {
    [folder, broker] = await Promise.all([tempFolder('own'), startBroker()]);
    // The larger model stands in for itself: the same small file under its name.
    for (const id of ['yolov11n-640', 'yolov11x-640']) {
      await copyFile(testData('models/yolov11n-640.onnx'), folder.file(`${id}.onnx`));
    }
    const clip = folder.file('clip.mp4');
    await makeClip({ file: clip, seconds: 20, fps: 5, gop: 5, size: '640x360' });
    cameras = await startRtspCameras(Object.fromEntries(rooms.map((room) => [room, clip])));
    bus = await connectBus(broker.url);
    const typed = new ChannelBus({ bus, roots: topics.roots, logger: silentLogger(), clock: systemClock });
    await readSiteMessages(typed, (input) => {
      if (input.kind === 'status') {
        statuses.set(input.status.instance_id, input.status);
      }
    });
    const watched = ['--stream-server', cameras.url, '--rooms', '0-3', '--mqtt-url', broker.url];
    const models = ['--model', 'yolov11n-640', '--precise-model', 'yolov11x-640', '--models-dir', folder.path];
    house = await startHouse([...watched, ...models]);
  });
  afterAll(async () => {
    house?.interrupt();
    await house?.ended;
    await bus?.stop();
    await cameras?.stop();
    await broker?.stop();
    await folder?.remove();
  });

  /** Waits until these processors, and no others, watch these rooms: room → model and rate. */
  const watching = (wanted: Record<string, Record<number, string>>) =>
    eventually(
      () => {
        const seen = [...statuses.values()].filter(({ status }) => status !== 'offline');
        expect(Object.fromEntries(seen.map((status) => [status.instance_id, streamsOf(status)]))).toEqual(wanted);
      },
      { timeoutMs: 90_000 },
    );
  const quiet = {
    'processor-a': { 0: 'yolov11n-640 at 0.1', 1: 'yolov11n-640 at 0.1' },
    'processor-b': { 2: 'yolov11n-640 at 0.1', 3: 'yolov11n-640 at 0.1' },
  };

  test('a bare report of a fall moves its room to the precise model and lowers the other room of its home; resolved, all is as before', async () => {
    await house.until((output) => output.includes('All rooms are watched'));
    await watching(quiet);
    await bus.publish(topics.event('fall_detected'), { source_id: 2 });
    await watching({
      'processor-a': quiet['processor-a'],
      'processor-b': { 3: 'yolov11n-640 at 0.05' },
      'processor-b_1': { 2: 'yolov11x-640 at 1' },
    });
    await bus.publish(topics.orchestratorCommands, {
      command: 'resolve',
      params: { source_id: 2, outcome: 'helped', by: 'Ana' },
    });
    await watching(quiet);
  });
});

function streamsOf({ streams = [] }: Status): Record<number, string> {
  return Object.fromEntries(
    streams.map(({ source_id, model_id, max_fps }) => [source_id, `${model_id} at ${max_fps}`]),
  );
}
