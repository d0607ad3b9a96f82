import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { type Ack, errorCodes, parseCommand } from '@vigilia/protocol';
import { collect, connectBus, eventually, type Mosquitto, makeModel, requires, startMosquitto } from '@vigilia/testing';
import { QUEUE_CAPACITY } from './commands/command-queue.ts';
import { modelHostPids } from './test-support/model-host-pids.ts';
import { makeSite, type ProcessorHouse, startHouse, type TestSite, topics } from './test-support/processor-house.ts';

/** Only the orchestrator takes verdicts, rooms and the policy. */
const codesOfOrchestrator = ['confirmation_required', 'no_home', 'policy_changed', 'undo_expired'];

/** Every way a command can fail on the real thing: its code, its statuses, and the rooms that go on meanwhile. */
requires('ffmpeg', 'mosquitto')('refusals', () => {
  let site: TestSite;
  let broker: Mosquitto;
  let house: ProcessorHouse;
  /** Accepts connections and never answers. */
  let mute: Server;
  /** Since when both rooms have been watched, epoch ms. */
  let beganAt: number;
  /** Error codes that came over the broker in any of the tests. */
  const reached = new Set<string>();
  const note = (one: ProcessorHouse): Promise<unknown> =>
    one.client.subscribe(topics.ackShared, (message) => {
      const { error } = message.json() as Ack;
      if (error !== undefined) {
        reached.add(error.code);
      }
    });

  beforeAll(async () => {
    site = await makeSite();
    const limits = { streamMs: 500, modelMs: 15_000 };
    await writeFile(site.folder.file('sound.mp4'), 'not a clip');
    const clip = await readFile(site.folder.file('clip.mp4'), 'latin1');
    await writeFile(site.folder.file('codec.mp4'), clip.replaceAll('avc1', 'zzzz'), 'latin1');
    mute = createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    await makeModel({ file: site.folder.file('empty.onnx'), boxes: [] });
    await makeModel({ file: site.folder.file('hangs.onnx'), behaviour: 'slow', matmuls: 20_000 });
    broker = await startMosquitto();
    house = await startHouse({ site, url: broker.url, limits, flags: ['--streams', '0,1', '--max-fps', '2'] });
    await note(house);
    for (const room of [0, 1]) {
      await eventually(() =>
        expect(house.detections.messages.map(({ topic }) => topic)).toContain(topics.detections(room)),
      );
    }
    beganAt = Date.now();
  });
  afterAll(async () => {
    mute.close();
    await house?.stop();
    await broker?.stop();
    await site.remove();
  });

  const file = (name: string): string => `file://${site.mediaDir}/${name}`;
  const cases = (): [string, string, object | undefined, string, string | undefined][] => [
    ['a model that is missing', 'change_model', { model_id: 'none' }, 'model_not_found', 'model_id'],
    ['a model that is half a file', 'change_model', { model_id: 'truncated' }, 'model_invalid', undefined],
    ['a model of no known layout', 'change_model', { model_id: 'shapeless' }, 'model_invalid', undefined],
    ['a model that answers no numbers', 'change_model', { model_id: 'nan' }, 'model_invalid', undefined],
    ['a model that finds no person', 'change_model', { model_id: 'empty' }, 'model_invalid', 'model_id'],
    ['a room with such a model', 'add_stream', { source_id: 5, model_id: 'empty' }, 'model_invalid', 'model_id'],
    ['a model for one room', 'change_model', { model_id: 'nan', source_id: 1 }, 'model_invalid', undefined],
    ['a model name that is a path', 'change_model', { model_id: '../small' }, 'invalid_params', 'model_id'],
    ['a rate out of range', 'set_fps', { max_fps: 0 }, 'invalid_params', 'max_fps'],
    ['a room that is there', 'add_stream', { source_id: 1 }, 'stream_exists', 'source_id'],
    ['a room that is not', 'remove_stream', { source_id: 7 }, 'unknown_stream', 'source_id'],
    ['a room whose camera is missing', 'add_stream', { source_id: 77 }, 'stream_unreachable', 'source_id'],
    [
      'an address that shows nothing',
      'change_stream_uri',
      { source_id: 0, uri: file('sound.mp4') },
      'stream_unreachable',
      'source_id',
    ],
    [
      'a camera that refuses',
      'change_stream_uri',
      { source_id: 0, uri: 'rtsp://127.0.0.1:1/x' },
      'stream_unreachable',
      'source_id',
    ],
    [
      'a camera that is silent',
      'change_stream_uri',
      { source_id: 0, uri: `rtsp://127.0.0.1:${(mute.address() as AddressInfo).port}/x` },
      'stream_unreachable',
      'source_id',
    ],
    [
      'a camera of an unknown codec',
      'change_stream_uri',
      { source_id: 0, uri: file('codec.mp4') },
      'stream_unreachable',
      'source_id',
    ],
    [
      'a scheme that is not allowed',
      'change_stream_uri',
      { source_id: 0, uri: 'concat:/etc/passwd' },
      'invalid_params',
      'uri',
    ],
    [
      'a file outside the media folder',
      'change_stream_uri',
      { source_id: 0, uri: 'file:///etc/passwd' },
      'invalid_params',
      'uri',
    ],
    ['a batch whose second command fails', 'batch_commands', batch('set_fps', 'none'), 'model_not_found', undefined],
    [
      'a reconfiguration with one bad room',
      'reconfigure',
      { changes: { max_fps: 1, streams: [{ source_id: 77 }] } },
      'stream_unreachable',
      undefined,
    ],
    ['a reserved name', 'rename_instance', { new_instance_id: 'ack' }, 'invalid_params', 'new_instance_id'],
  ];
  const batch = (name: string, modelId: string): object => ({
    commands: [
      { command: name, params: { max_fps: 1 } },
      { command: 'change_model', params: { model_id: modelId } },
    ],
  });

  /** Rejected on arrival: no status is published about it. */
  const isInvalid = (command: string, params: object | undefined): boolean => {
    try {
      parseCommand(command, params);
      return false;
    } catch {
      return true;
    }
  };

  it('each is an error with its code and field, and nothing has changed', async () => {
    const before = JSON.stringify(settingsOf(house));
    for (const [what, command, params, code, field] of cases()) {
      const statuses = house.mark();
      const ack = await house.send(command, params);
      expect([what, ack.ack_status, ack.error?.code]).toEqual([what, 'error', code]);
      if (field !== undefined) {
        expect([what, ack.error?.field]).toEqual([what, field]);
      }
      expect(ack.message).toMatch(/^[A-Z].{10,}/);
      if (isInvalid(command, params)) {
        expect([what, statuses()]).toEqual([what, []]);
      } else if (command !== 'rename_instance') {
        await eventually(() => expect([what, statuses()]).toEqual([what, ['reconfiguring', 'error', 'running']]));
        expect(house.lastStatus().last_error).toMatchObject({ command, code });
      }
      expect([what, JSON.stringify(settingsOf(house))]).toEqual([what, before]);
    }
  });

  it('no process of what failed is left', async () => {
    const tree = await report(house);
    expect(tree.models).toHaveLength(1);
    expect(house.lastStatus().health).toBe('ok');
  });

  it('what is not JSON is answered', async () => {
    const acks = await collect(house.client, topics.ackShared);
    house.publish('{"command": "restart"');
    expect((await acks.next()).body).toMatchObject({ ack_status: 'error', error: { code: 'invalid_json' } });
    house.publish({ cmd: 'restart' });
    expect((await acks.next()).body).toMatchObject({ error: { code: 'invalid_command', field: 'command' } });
    expect(await house.send('dance')).toMatchObject({ error: { code: 'unknown_command' } });
  });

  it('what comes too late, or from a leader that was replaced, is not run', async () => {
    const expired = await house.send('restart', {}, { expires_at: '2020-01-01T00:00:00Z' });
    expect(expired).toMatchObject({ error: { code: 'expired', field: 'expires_at' } });
    const status = { instance_id: 'o2', boot_id: 'b', status: 'acting', term: 5, timestamp: new Date().toISOString() };
    await house.client.publish(topics.orchestratorStatus, status, { retain: true });
    const stale = await house.send('restart', {}, { leader: { instance_id: 'o1', term: 4 } });
    expect(stale).toMatchObject({ error: { code: 'stale_leader' } });
  });

  it('a snapshot, as long as no orchestrator publishes that the policy allows it', async () => {
    const pictures = await collect(house.client, topics.snapshotAny);
    expect(await house.send('snapshot', { source_id: 0 })).toMatchObject({ error: { code: 'snapshots_off' } });
    expect(pictures.messages).toEqual([]);
  });

  it('a model that is not ready in time; meanwhile the same again, and more than may wait', async () => {
    const statuses = house.mark();
    const late = house.send('change_model', { model_id: 'hangs' });
    await eventually(() => expect(statuses()).toEqual(['reconfiguring']));
    expect(await house.send('change_model', { model_id: 'hangs' })).toMatchObject({ error: { code: 'in_progress' } });
    const waiting = Array.from({ length: QUEUE_CAPACITY + 1 }, () => house.send('resume'));
    expect(await Promise.race(waiting)).toMatchObject({ ack_status: 'error', error: { code: 'queue_full' } });
    expect(await late).toMatchObject({ ack_status: 'error', error: { code: 'timeout', field: 'model_id' } });
    const finals = await Promise.all(waiting);
    expect(finals.filter((ack) => ack.ack_status === 'completed')).toHaveLength(QUEUE_CAPACITY);
    await eventually(() =>
      expect(house.lastStatus()).toMatchObject({ status: 'running', last_error: { code: 'timeout' } }),
    );
  });

  it('a model whose process is killed while it loads', async () => {
    const before = modelHostPids();
    const ack = house.send('change_model', { model_id: 'hangs' });
    const loading = await eventually(() => {
      const pid = modelHostPids().find((one) => !before.includes(one));
      if (pid === undefined) throw new Error('no second model host');
      return pid;
    });
    process.kill(loading, 'SIGKILL');
    expect(await ack).toMatchObject({ ack_status: 'error', error: { code: 'model_invalid' } });
    expect(modelHostPids()).toEqual(before);
  });

  it('a state that cannot be written: internal, and nothing has changed', async () => {
    const stateDir = site.folder.file('full');
    const one = await startHouse({ site, flags: ['--streams', '2', '--instance-id', 'full', '--state-dir', stateDir] });
    await note(one);
    try {
      // a file where the folder should be stands for a full disk: root may write into read-only folders
      await writeFile(stateDir, '');
      const ack = await one.send('set_fps', { max_fps: 2 });
      expect(ack).toMatchObject({ ack_status: 'error', error: { code: 'internal' } });
      expect(one.lastStatus().streams?.[0]?.max_fps).toBe(0.1);
      await eventually(() => expect(one.lastStatus().status).toBe('running'));
    } finally {
      await one.stop();
    }
  });

  it('a name that another processor has', async () => {
    const other = await connectBus(house.url);
    const status = { ...house.lastStatus(), instance_id: 'taken', client_id: 'taken', boot_id: 'other' };
    await other.publish(topics.status('taken'), status, { retain: true });
    await eventually(async () => {
      const ack = await house.send('rename_instance', { new_instance_id: 'taken' });
      expect(ack).toMatchObject({ error: { code: 'invalid_params', field: 'new_instance_id' } });
    });
    await other.stop();
  });

  it('through all of it the rooms kept their beat, with the old model', () => {
    for (const room of [0, 1]) {
      const results = house.detections.messages.filter(({ topic }) => topic === topics.detections(room));
      const seen = results.map(({ body }) => Date.parse(String(body?.timestamp))).filter((at) => at > beganAt);
      const times = [beganAt, ...seen, Date.now()];
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
      // 2 fps: the machine is shared, but a room that had waited for the hanging model would show its fifteen seconds
      expect(Math.max(...gaps)).toBeLessThan(5000);
      expect(new Set(results.map(({ body }) => body?.model_id))).toEqual(new Set(['small']));
      const ids = results.map(({ body }) => Number(body?.frame_id));
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it('a model that finds no person in the picture of one is used when the command is forced', async () => {
    const forced = await house.send('change_model', { model_id: 'empty', source_id: 1, force: true });
    expect(forced).toMatchObject({ ack_status: 'completed' });
    expect(house.lines.some((line) => line.event === 'model_finds_nobody' && line.model_id === 'empty')).toBe(true);
    expect(await house.send('change_model', { model_id: 'small', source_id: 1 })).toMatchObject({
      ack_status: 'completed',
    });
  });

  it('every code that a processor answers with was reached', () => {
    const codes = Object.keys(errorCodes).filter((code) => !codesOfOrchestrator.includes(code));
    expect([...reached].sort()).toEqual(codes.sort());
  });
});

function settingsOf(house: ProcessorHouse): unknown {
  const { config, streams } = house.lastStatus();
  return {
    config,
    streams: streams?.map(({ source_id, uri, model_id, max_fps }) => [source_id, uri, model_id, max_fps]),
  };
}

async function report(house: ProcessorHouse): Promise<{ models: unknown[] }> {
  const reports = await collect(house.client, topics.metricsReport('processor'));
  await house.send('metrics');
  return (await reports.next()).body as unknown as { models: unknown[] };
}
