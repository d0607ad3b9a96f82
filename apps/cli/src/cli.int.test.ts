import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandEnvelope, createTopics, type DesiredRooms, withoutUndefined, type Zone } from '@vigilia/protocol';
import { collect, connectBus, repoRoot, startBroker } from '@vigilia/testing';
import { type Run, run, vigilia } from './test-support/run-vigilia.ts';

describe('exit codes of vigilia', () => {
  test.each([
    [0, ['--help'], ''],
    [0, ['help', 'send'], ''],
    [0, ['completion', 'bash'], ''],
    [0, ['sink', 'setup', '--help'], ''],
    [2, ['dance'], "unknown command 'dance'"],
    [2, ['send', 'set_fps', '--colour'], "unknown option '--colour'"],
    [2, ['resolve', '2', '--outcome', 'well'], 'Allowed choices are helped, false_alarm, no_help_needed'],
    [2, ['zones', 'set', '2'], 'either in a file or with --zone'],
    [2, ['zones', 'two'], '"two" is not a room number'],
    [2, ['sink', 'dance'], 'dance is not a subcommand'],
    [2, ['status', '--mqtt-url', 'mqtt://127.0.0.1:1'], 'No connection to the broker'],
  ])('%i for %j', async (code, args, sentence) => {
    const ended = await vigilia(...args);
    expect({ code: ended.code, errors: ended.errors }).toEqual({ code, errors: expect.stringContaining(sentence) });
    expect(ended.errors).not.toContain('    at ');
  });

  test('with --json a refusal is JSON on standard output', async () => {
    const { code, output } = await vigilia('status', '--json', '--mqtt-url', 'mqtt://ana:geheim@127.0.0.1:1');
    expect({ code, ...JSON.parse(output) }).toMatchObject({ code: 2, error: { code: 'broker_unreachable' } });
    expect(output).not.toContain('geheim');
    const flag = await vigilia('rooms', '--json', '--colour');
    expect(JSON.parse(flag.output)).toMatchObject({ error: { code: 'invalid_settings' } });
  });

  test.each([
    ['status', '--mqtt-url', 'mqtt://ana:a/S3CRET@127.0.0.1:1'],
    ['status', '--json', '--mqtt-url', 'mqtt://ana:a#S3CRET@127.0.0.1:1'],
    ['doctor', '--rooms', '0', '--stream-server', 'rtsp://ana:a?S3CRET@127.0.0.1:1', '--model', 'none'],
    ['doctor', '--json', '--rooms', '0', '--stream-server', 'rtsp://ana:a/S3CRET@127.0.0.1:1', '--model', 'none'],
    ['start', '--stream-server', 'rtsp://ana:a/S3CRET@127.0.0.1:1'],
  ])('%j %s %s: a raw password is not shown, and how to write it is', async (...args) => {
    const { code, output, errors } = await vigilia(...args);
    expect(code).not.toBe(0);
    expect(output + errors).not.toContain('S3CRET');
    expect(output + errors).toContain('/ as %2F, ? as %3F, # as %23');
  });

  test('what was typed is not repeated with its password', async () => {
    const { errors } = await vigilia('send', 'set_fps', 'rtsp://ana:a/S3CRET@cam/1', '--colour=rtsp://S3CRET@cam');
    expect(errors).toContain('error:');
    expect(errors).not.toContain('S3CRET');
  });

  test('the help of a service ends with its examples', async () => {
    expect((await vigilia('processor', '--help')).output).toContain('vigilia processor --streams 0 --enable-control');
  });
});

describe('completion in bash', () => {
  const press = async (...words: string[]): Promise<string[]> => {
    const line = ['vigilia', ...words].map((word) => `'${word}'`).join(' ');
    const script = [
      'source <(vigilia completion bash)',
      // what readline does when Tab is pressed: the function that is registered for the command, with the words so far
      `COMP_WORDS=(${line}) COMP_CWORD=${words.length}`,
      '$(complete -p vigilia | sed "s/.*-F \\([^ ]*\\).*/\\1/")',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash's
      'printf "%s\\n" "${COMPREPLY[@]}"',
    ].join('\n');
    const env = { ...process.env, PATH: `${join(repoRoot, 'node_modules/.bin')}:${process.env.PATH}` };
    const { output, errors } = await run('bash', ['--norc', '-c', script], { env });
    expect(errors).toBe('');
    return output.split('\n').filter((one) => one !== '');
  };

  test('offers commands, their subcommands, flags and values', async () => {
    expect(await press('zon')).toEqual(['zones']);
    expect(await press('zones', '')).toEqual(['help', 'remove', 'set', 'show']);
    expect(await press('send', 'set_f', '--wa')).toEqual(['--wait']);
    expect(await press('send', 'change_')).toEqual(['change_model', 'change_stream_uri']);
  });
});

describe('vigilia zones', () => {
  const topics = createTopics();
  const bed: Zone = {
    kind: 'bed',
    points: [
      [0.1, 0.2],
      [0.4, 0.2],
      [0.4, 0.6],
    ],
  };
  let broker: Awaited<ReturnType<typeof startBroker>>;
  let bus: Awaited<ReturnType<typeof connectBus>>;
  const commands: CommandEnvelope[] = [];
  let desired: DesiredRooms = { rooms: { '2': { home: 'processor-a' } }, updated_at: '', revision: 0 };
  /** Whether the orchestrator runs, which takes completed commands over. */
  let orchestrated = true;

  /** A processor that watches room 2, and the orchestrator's desired state. */
  beforeAll(async () => {
    broker = await startBroker();
    bus = await connectBus(broker.url);
    const stamp = { client_id: 'processor-a', instance_id: 'processor-a', timestamp: new Date().toISOString() };
    const room = { model_id: 'm', max_fps: 1, confidence: 0.3, tracking: true, decode: 'auto', state: 'watching' };
    const streams = [{ source_id: 2, uri: 'rtsp://cameras/2', zones_configured: false, ...room }];
    const status = { ...stamp, boot_id: 'b', role: 'home', status: 'running', streams };
    await bus.publish(topics.status('processor-a'), status, { retain: true });
    const keep = async (zones?: Zone[]): Promise<void> => {
      const rooms: DesiredRooms['rooms'] = { '2': withoutUndefined({ home: 'processor-a', zones }) };
      desired = { rooms, updated_at: stamp.timestamp, revision: desired.revision + 1 };
      await bus.publish(topics.orchestratorRooms, desired, { retain: true });
    };
    await keep();
    await bus.subscribe(topics.commands, async (message) => {
      const command = message.json() as CommandEnvelope;
      commands.push(command);
      const { zones } = command.params as { zones: Zone[] };
      const state = { source_id: 2, watcher: 'processor-a', since: stamp.timestamp, zones, fall: { state: 'none' } };
      await bus.publish(topics.room(2), state, { retain: true });
      const ack = { ...stamp, command: command.command, command_id: command.command_id, ack_status: 'completed' };
      await bus.publish(topics.ack('processor-a'), ack);
      if (orchestrated) {
        await keep(zones);
      }
    });
  });
  afterAll(async () => {
    await bus?.stop();
    await broker?.stop();
  });

  const zones = (...args: string[]): Promise<Run> => vigilia('zones', ...args, '--mqtt-url', broker.url);

  test('sets them where the room is watched and in the desired state, shows and removes them', async () => {
    expect(await zones('2')).toMatchObject({ code: 0, output: 'The zones of room 2 were never set.\n' });
    const file = join(mkdtempSync(join(tmpdir(), 'vigilia-zones-')), 'room-2.json');
    writeFileSync(file, JSON.stringify({ zones: [bed] }));
    expect(await zones('set', '2', file)).toMatchObject({ code: 0, errors: '' });
    expect(commands.at(-1)).toMatchObject({
      command: 'set_zones',
      target_instances: ['processor-a'],
      params: { source_id: 2, zones: [bed] },
    });
    expect(JSON.parse((await zones('2', '--json')).output)).toMatchObject({
      source_id: 2,
      zones: [bed],
      desired: [bed],
    });
    expect(await zones('remove', '2', '--kind', 'exit')).toMatchObject({ code: 2 });
    expect(await zones('remove', '2')).toMatchObject({ code: 0, output: expect.stringContaining(', in the desired') });
    expect(desired.rooms['2']?.zones).toEqual([]);
  });

  test('reports that they are not kept when no orchestrator takes them over, and leaves its desired state alone', async () => {
    orchestrated = false;
    const { revision } = desired;
    const ended = await zones('set', '2', '--zone', 'bed:0,0 1,0 1,1');
    expect(ended).toMatchObject({ code: 0, output: expect.stringContaining('not in the desired state') });
    const rooms = await collect(bus, topics.orchestratorRooms);
    expect((await rooms.next()).body).toMatchObject({ revision });
  });

  test('sends no command that the protocol rejects, and reports which field is wrong', async () => {
    const before = commands.length;
    const refused = await zones('set', '2', '--zone', 'bed:0,0 2,0 1,1');
    expect(refused).toMatchObject({ code: 2, errors: expect.stringContaining('zones.0.points.1.0') });
    expect(commands).toHaveLength(before);
  });

  test('ends with 1 for an unknown room', async () => {
    const ended = await zones('set', '77', '--zone', 'bed:0,0 1,0 1,1');
    expect(ended).toMatchObject({ code: 1, output: expect.stringContaining('nothing was changed') });
  });
});
