import { eventually, makeClip, type RtspCameras, requires, startRtspCameras } from '@vigilia/testing';
import { type CameraWire, startCameraWire } from '../test-support/camera-wire.ts';
import { makeSite, type ProcessorHouse, startHouse, type TestSite, topics } from '../test-support/processor-house.ts';

requires('ffmpeg', 'rtsp')('a camera with one session', () => {
  let site: TestSite;
  let cameras: RtspCameras;
  let wire: CameraWire;
  let house: ProcessorHouse | undefined;

  beforeAll(async () => {
    site = await makeSite();
    await makeClip({ file: site.folder.file('camera.mp4'), size: '320x180', fps: 10, gop: 10, seconds: 10 });
    cameras = await startRtspCameras({ 1: site.folder.file('camera.mp4') });
    wire = await startCameraWire({ target: cameras.url, sessions: 1 });
  });
  afterEach(async () => {
    await house?.stop();
    house = undefined;
  });
  afterAll(async () => {
    await wire?.stop();
    await cameras?.stop();
    await site?.remove();
  });

  async function monitor(streamMs: number, ...flags: string[]): Promise<ProcessorHouse> {
    const server = ['--stream-server', wire.url, '--streams', '1', '--max-fps', '1'];
    house = await startHouse({ site, flags: [...server, ...flags], limits: { streamMs } });
    await result(house);
    return house;
  }
  const result = (one: ProcessorHouse) => one.detections.next(({ topic }) => topic === topics.detections(1), 60_000);

  it('make before break is refused by it, and the room goes on', async () => {
    const one = await monitor(3000);
    const before = wire.refused;
    const ack = await one.send('add_stream', { source_id: 2, uri: `${wire.url}/1` });
    expect(ack).toMatchObject({ ack_status: 'error', error: { code: 'stream_unreachable' } });
    expect(ack.message).toContain('no session left');
    expect(wire.refused).toBeGreaterThan(before);
    await result(one);
  });

  it('break before make, where the configuration requires it: the gap is reported, and the room is monitored again', async () => {
    const one = await monitor(20_000, '--single-session', '1');
    const ack = await one.send('restart', { source_id: 1 });
    expect(ack).toMatchObject({ ack_status: 'completed', result: { changed: true } });
    expect(Object.keys(ack.result?.gap_ms as object)).toEqual(['1']);
    await result(one);
    const elsewhere = await one.send('change_stream_uri', { source_id: 1, uri: `${wire.url}/none` });
    expect(elsewhere).toMatchObject({ ack_status: 'error', error: { code: 'stream_unreachable' } });
    await eventually(() => expect(one.lastStatus().status).toBe('running'));
    const count = one.detections.messages.length;
    await eventually(() => expect(one.detections.messages.length).toBeGreaterThan(count), { timeoutMs: 60_000 });
  });
});
