import { link, readFile, writeFile } from 'node:fs/promises';
import type { RoomState, Status } from '@vigilia/protocol';
import {
  collect,
  connectBus,
  eventually,
  type Mosquitto,
  requires,
  startMosquitto,
  tempFolder,
} from '@vigilia/testing';
import {
  makeSite,
  type ProcessorHouse,
  startHouse,
  startProcessor,
  type TestSite,
  topics,
} from './test-support/processor-house.ts';

/** Names, sessions, restarts and everything that outlasts a command, on a real Mosquitto. */
requires('ffmpeg', 'mosquitto')('the life of a processor', () => {
  let site: TestSite;
  let broker: Mosquitto;
  const houses: ProcessorHouse[] = [];

  beforeAll(async () => {
    site = await makeSite();
    broker = await startMosquitto();
  });
  afterEach(async () => {
    await Promise.all(houses.splice(0).map((house) => house.stop()));
  });
  afterAll(async () => {
    await broker.stop();
    await site.remove();
  });

  async function start(...flags: string[]): Promise<ProcessorHouse> {
    const house = await startHouse({ site, url: broker.url, flags: ['--max-fps', '2', ...flags] });
    houses.push(house);
    return house;
  }
  const retained = async (topic: string): Promise<Record<string, unknown> | undefined> => {
    const client = await connectBus(broker.url);
    try {
      const found = await collect(client, topic);
      // what is retained comes before a message of our own
      const own = `mark/${client.clientId}`;
      const mark = await collect(client, own);
      await client.publish(own, 1);
      await mark.next();
      return found.messages[0]?.body;
    } finally {
      await client.stop();
    }
  };

  it('rename_instance moves topics, will and client id, and clears what the old name left', async () => {
    const house = await start('--streams', '0', '--instance-id', 'old');
    await house.detections.next(({ body }) => body?.instance_id === 'old');
    const ack = await house.send('rename_instance', { new_instance_id: 'new' });
    expect(ack).toMatchObject({ ack_status: 'completed', instance_id: 'new', result: { old_instance_id: 'old' } });
    await house.detections.next(({ body }) => body?.instance_id === 'new');
    expect(await retained(topics.status('old'))).toBeUndefined();
    expect(await retained(topics.metrics('old'))).toBeUndefined();
    expect(await retained(topics.status('new'))).toMatchObject({ status: 'running', client_id: 'new' });
    expect(await retained(topics.room(0))).toMatchObject({ watcher: 'new' });
    expect(await house.send('ping', {}, { target_instances: ['new'] })).toMatchObject({ ack_status: 'completed' });
    await house.processor.stop();
    expect(await retained(topics.status('new'))).toMatchObject({ status: 'offline' });
  });

  it('keeps its name where the broker binds names to users: the refusal names both, and nothing has changed', async () => {
    const writable = [
      ...['nvr/detections/#', 'nvr/rooms/#', 'nvr/events/#', 'nvr/control/commands', 'nvr/control/status'],
      ...['nvr/control/status/ack', 'nvr/control/status/bound', 'nvr/control/status/bound/ack'],
    ];
    const folder = await tempFolder('bound');
    const rules = ['topic read #', ...writable.map((topic) => `topic write ${topic}`), ''];
    await writeFile(folder.file('acl'), rules.join('\n'));
    const bound = await startMosquitto({ config: [`acl_file ${folder.path}/acl`] });
    try {
      const house = await startHouse({ site, url: bound.url, flags: ['--streams', '0', '--instance-id', 'bound'] });
      houses.push(house);
      await house.detections.next(({ body }) => body?.instance_id === 'bound');
      const ack = await house.send('rename_instance', { new_instance_id: 'free' });
      expect(ack).toMatchObject({
        ack_status: 'error',
        instance_id: 'bound',
        error: { code: 'invalid_params', field: 'new_instance_id' },
        message: expect.stringMatching(/does not allow .* to publish as free, so it is still called bound/),
      });
      expect(await house.send('ping', {}, { target_instances: ['bound'] })).toMatchObject({ ack_status: 'completed' });
      await house.detections.next(({ body }) => body?.instance_id === 'bound');
      await house.stop();
    } finally {
      await bound.stop();
      await folder.remove();
    }
  });

  it('the answer goes to the response topic of MQTT 5, with its correlation data', async () => {
    const house = await start('--streams', '0');
    const replies = await collect(house.client, 'reply/me');
    const correlationData = Buffer.from('42');
    const request = { command: 'ping' };
    await house.client.publish(topics.commands, request, { responseTopic: 'reply/me', correlationData });
    expect((await replies.next()).body).toMatchObject({ ack_status: 'received' });
    const last = await replies.next();
    expect(last.body).toMatchObject({ ack_status: 'completed', command: 'ping' });
    expect(last.correlationData?.toString()).toBe('42');
  });

  it('a second processor of the same name: one of them gives way with exit code 3', async () => {
    const first = await start('--streams', '0', '--instance-id', 'twin');
    const second = await startProcessor({ site, url: broker.url, flags: ['--instance-id', 'twin'] });
    try {
      await eventually(() => expect([...first.exits, ...second.exits]).toContain(3), { timeoutMs: 40_000 });
    } finally {
      await second.processor.stop();
    }
  });

  it('a dedicated processor names its incident, and obeys only what names it', async () => {
    const house = await start(
      '--role',
      'dedicated',
      '--incident-id',
      'inc-7',
      '--instance-id',
      'a_1',
      '--streams',
      '2',
    );
    expect(house.lastStatus()).toMatchObject({ role: 'dedicated', incident_id: 'inc-7' });
    house.publish({ command: 'remove_stream', params: { source_id: 2 } });
    const ack = await house.send('set_fps', { max_fps: 1 }, { target_instances: ['a_1'] });
    expect(ack).toMatchObject({ ack_status: 'completed' });
    expect(house.lastStatus().streams?.map((stream) => stream.source_id)).toEqual([2]);
  });

  it('who takes a room goes on where the last watcher stopped', async () => {
    const zones = [
      {
        kind: 'bed',
        points: [
          [0, 0],
          [1, 0],
          [1, 1],
        ],
      },
    ];
    const before = { source_id: 4, watcher: 'gone', since: '2026-01-01T00:00:00.000Z', zones, fall: { state: 'none' } };
    const client = await connectBus(broker.url);
    await client.publish(topics.room(4), before, { retain: true });
    await client.stop();
    const house = await start('--streams', '4', '--instance-id', 'heir');
    expect(house.lastStatus().streams?.[0]).toMatchObject({ source_id: 4, zones_configured: true });
    await eventually(async () => {
      expect((await retained(topics.room(4))) as RoomState | undefined).toMatchObject({ watcher: 'heir', zones });
    });
  });

  it('publishes everything again when the broker was offline, and monitored meanwhile', async () => {
    const house = await start('--streams', '0', '--instance-id', 'steady');
    await house.detections.next(({ body }) => body?.instance_id === 'steady');
    await broker.kill();
    await broker.restart();
    await eventually(async () => {
      expect(await retained(topics.status('steady'))).toMatchObject({ status: 'running' });
      expect(await retained(topics.room(0))).toMatchObject({ watcher: 'steady' });
    });
    const after = await house.detections.next(({ body }) => body?.instance_id === 'steady');
    expect(after.body).toMatchObject({ source_id: 0 });
    expect(await house.send('ping')).toMatchObject({ ack_status: 'completed' });
  });

  it('what was accepted is kept over a restart, wins over flags by name, and is forgotten when asked', async () => {
    const stateDir = site.folder.file('state');
    const flags = ['--streams', '0', '--instance-id', 'keeper', '--state-dir', stateDir];
    const first = await start(...flags);
    expect(first.lastStatus().config_source).toBe('flags');
    await first.send('add_stream', { source_id: 3, max_fps: 1 });
    await first.send('set_confidence', { confidence: 0.5 });
    await first.send('remove_stream', { source_id: 3 });
    await first.send('add_stream', { source_id: 3, max_fps: 1 });
    await first.send('add_stream', { source_id: 4 });
    await first.send('remove_stream', { source_id: 4 });
    await first.stop();
    const second = await start(...flags);
    const operator = { by: 'operator', command_id: expect.any(String) };
    expect(second.lastStatus()).toMatchObject({
      config: { set_by: { confidence: operator, max_fps: { by: 'flags' } } },
      streams: [
        { set_by: { stream: { by: 'flags' }, max_fps: { by: 'flags' }, confidence: operator } },
        { set_by: { stream: operator, max_fps: operator, model_id: { by: 'flags' }, confidence: operator } },
      ],
      removed_streams: [{ source_id: 4, set_by: operator }],
    });
    expect(second.lastStatus()).toMatchObject({ config_source: 'state', config: { confidence: 0.5 } });
    expect(second.lastStatus().streams?.map((stream) => [stream.source_id, stream.max_fps])).toEqual([
      [0, 2],
      [3, 1],
    ]);
    const overridden = second.lines.filter((line) => line.event === 'flag_overridden');
    expect(overridden).toMatchObject([{ flag: '--streams', given: [0], stored: [0, 3] }]);
    await second.stop();
    const third = await start(...flags, '--reset-state');
    expect(third.lastStatus()).toMatchObject({ config_source: 'flags', streams: [{ source_id: 0 }] });
    await expect(readFile(`${stateDir}/keeper.state.json`)).rejects.toThrow('ENOENT');
  });

  it('reconfigure and batch_commands are one change with one switch', async () => {
    const house = await start('--streams', '0,1');
    const streams = [{ source_id: 1, max_fps: 1 }, { source_id: 2 }];
    const ack = await house.send('reconfigure', { changes: { model_id: 'same', confidence: 0.4, streams } });
    expect(ack).toMatchObject({ ack_status: 'completed', result: { changed: true } });
    expect(shape(house.lastStatus())).toEqual([
      [1, 'same', 1, 0.4],
      [2, 'same', 2, 0.4],
    ]);
    const commands = [
      { command: 'remove_stream', params: { source_id: 2 } },
      { command: 'set_fps', params: { max_fps: 3 } },
      { command: 'change_model', params: { model_id: 'small', source_id: 1 } },
    ];
    const marked = house.mark();
    expect(await house.send('batch_commands', { commands })).toMatchObject({ ack_status: 'completed' });
    await eventually(() => expect(marked()).toEqual(['reconfiguring', 'running']));
    expect(shape(house.lastStatus())).toEqual([[1, 'small', 3, 0.4]]);
  });

  it('the last room may go; a room may be added blind and heal by restart', async () => {
    const house = await start('--streams', '0');
    expect(await house.send('remove_stream', { source_id: 0 })).toMatchObject({ ack_status: 'completed' });
    await eventually(() => expect(house.lastStatus().streams).toEqual([]));
    const uri = `file://${site.mediaDir}/late.mp4`;
    const blind = await house.send('add_stream', { source_id: 5, require_frame: false });
    expect(blind).toMatchObject({ ack_status: 'completed' });
    const moved = await house.send('change_stream_uri', { source_id: 5, uri });
    expect(moved).toMatchObject({ ack_status: 'error', error: { code: 'stream_unreachable' } });
    await link(site.folder.file('clip.mp4'), site.folder.file('late.mp4'));
    expect(await house.send('change_stream_uri', { source_id: 5, uri })).toMatchObject({ ack_status: 'completed' });
    await house.detections.next(({ topic }) => topic === topics.detections(5));
  });

  it('without --enable-control there is no command topic, but status and detections', async () => {
    const client = await connectBus(broker.url);
    const statuses = await collect(client, topics.status('deaf'));
    const acks = await collect(client, topics.ack('deaf'));
    const flags = ['--streams', '0', '--max-fps', '2', '--instance-id', 'deaf'];
    const deaf = await startProcessor({ site, url: broker.url, flags, control: false });
    try {
      const running = await statuses.next(({ body }) => body?.status === 'running');
      expect(running.body).toMatchObject({ config: { control: false } });
      const detections = await collect(client, topics.detections(0));
      await client.publish(topics.commands, { command: 'pause' });
      await detections.next(({ body }) => body?.instance_id === 'deaf');
      await detections.next(({ body }) => body?.instance_id === 'deaf');
      expect(acks.messages).toEqual([]);
    } finally {
      await deaf.processor.stop();
      await client.stop();
    }
  });
});

function shape(status: Status): unknown[] {
  return (status.streams ?? []).map((stream) => [stream.source_id, stream.model_id, stream.max_fps, stream.confidence]);
}
