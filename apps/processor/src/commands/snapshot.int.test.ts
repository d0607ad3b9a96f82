import { type Snapshot, snapshotSchema } from '@vigilia/protocol';
import { type Collector, collect, requires } from '@vigilia/testing';
import { makeSite, type ProcessorHouse, startHouse, type TestSite, topics } from '../test-support/processor-house.ts';

/** Width and height of a JPEG: the two numbers after its start-of-frame marker (ITU T.81, B.2.2). */
function jpegSize(jpeg: Buffer): { width: number; height: number } {
  for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xc2)
      return { height: jpeg.readUInt16BE(at + 5), width: jpeg.readUInt16BE(at + 7) };
  }
  throw new Error('no JPEG');
}

requires('ffmpeg')('a picture of a room', () => {
  let site: TestSite;
  let house: ProcessorHouse;
  let pictures: Collector;
  let everything: Collector;

  beforeAll(async () => {
    site = await makeSite();
    house = await startHouse({ site, flags: ['--streams', '0', '--max-fps', '2'] });
    pictures = await collect(house.client, topics.snapshotAny);
    everything = await collect(house.client, topics.all);
    await house.detections.next();
  });
  afterAll(async () => {
    await house?.stop();
    await site?.remove();
  });

  /** What the orchestrator publishes, in force when the processor has answered a command after it. */
  const orchestrator = async (change: object): Promise<void> => {
    const status = { instance_id: 'orchestrator', boot_id: 'b', status: 'acting', timestamp: new Date().toISOString() };
    await house.client.publish(topics.orchestratorStatus, { ...status, ...change }, { retain: true });
    await house.send('ping');
  };
  const picture = async (): Promise<Snapshot> => snapshotSchema.parse((await pictures.next()).body);

  it('leaves the processor when the policy allows it: coarse, or as it is for who asks for that', async () => {
    await orchestrator({ snapshots: true });
    expect(await house.send('snapshot', { source_id: 0 })).toMatchObject({ result: { blurred: true } });
    const coarse = await picture();
    expect(coarse).toMatchObject({ source_id: 0, blurred: true, instance_id: 'processor' });
    expect(jpegSize(Buffer.from(coarse.jpeg, 'base64'))).toEqual({ width: 32, height: 18 });
    expect(await house.send('snapshot', { source_id: 0, reveal: true, by: 'Ana' })).toMatchObject({
      result: { blurred: false },
    });
    expect(jpegSize(Buffer.from((await picture()).jpeg, 'base64'))).toEqual({ width: 320, height: 180 });
    const told = house.lines.filter(({ event }) => event === 'picture_sent');
    expect(told).toMatchObject([{ blurred: true }, { blurred: false, by: 'Ana', source_id: 0 }]);
    expect(await house.send('snapshot', { source_id: 5 })).toMatchObject({ error: { code: 'unknown_stream' } });
  });

  it('is never among the messages of the site, which others read and keep', () => {
    expect(everything.messages.filter(({ payload }) => payload.includes('jpeg'))).toEqual([]);
    expect(everything.messages.length).toBeGreaterThan(0);
  });

  it.each([[{ snapshots: false }], [{ status: 'offline', snapshots: true }], [{}]])(
    'stays in the processor when the orchestrator publishes %j',
    async (change) => {
      const before = pictures.messages.length;
      await orchestrator({ snapshots: true });
      await orchestrator(change);
      expect(await house.send('snapshot', { source_id: 0 })).toMatchObject({ error: { code: 'snapshots_off' } });
      expect(pictures.messages).toHaveLength(before);
    },
  );
});
