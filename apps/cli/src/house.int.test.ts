import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { type CommandEnvelope, createTopics } from '@vigilia/protocol';
import { connectBus, eventually, repoRoot, requires, startMosquitto } from '@vigilia/testing';
import { type Run, run, vigilia } from './test-support/run-vigilia.ts';

const topics = createTopics();
const at = '2026-01-01T10:00:00.000Z';

const stream = (source_id: number) => ({
  source_id,
  uri: `rtsp://cameras/${source_id}`,
  model_id: 'light',
  max_fps: 0.1,
  confidence: 0.3,
  tracking: true,
  decode: 'auto',
  state: 'watching',
  zones_configured: true,
});
const processor = (instance_id: string, source_id: number) => ({
  instance_id,
  client_id: instance_id,
  boot_id: 'b',
  role: 'home',
  status: 'running',
  timestamp: at,
  streams: [stream(source_id)],
});
const incident = {
  incident_id: 'inc-1',
  source_id: 2,
  state: 'open',
  drill: false,
  degraded: false,
  by: [],
  home: 'processor-a',
  watched_by: 'processor-a',
  steps: { opened: at },
  durations_ms: {},
  overrides: [],
  attempts: { spawn: 0 },
  event_ids: ['e-1'],
  opened_at: at,
  updated_at: at,
  trace_id: 't-1',
};

/** What people do at the keyboard, each as a process of its own against a real broker on which a small house speaks. */
requires('mosquitto')('vigilia at a running house', () => {
  let broker: Awaited<ReturnType<typeof startMosquitto>>;
  let bus: Awaited<ReturnType<typeof connectBus>>;
  const heard: CommandEnvelope[] = [];

  beforeAll(async () => {
    broker = await startMosquitto();
    bus = await connectBus(broker.url);
    for (const [name, room] of [
      ['processor-a', 2],
      ['processor-b', 5],
    ] as const) {
      await bus.publish(topics.status(name), processor(name, room), { retain: true });
    }
    const state = { source_id: 2, watcher: 'processor-a', since: at, fall: { state: 'alarm', low_since: at } };
    await bus.publish(topics.room(2), state, { retain: true });
    await bus.publish(topics.incident('inc-1'), incident, { retain: true });
    const answer = async (command: CommandEnvelope, instance_id: string, topic: string): Promise<void> => {
      heard.push(command);
      const other = command.command === 'remove_stream' && instance_id === 'processor-b';
      const ack = { instance_id, client_id: instance_id, command: command.command, command_id: command.command_id };
      await bus.publish(topic, { ...ack, timestamp: at, ack_status: 'received' });
      const isDown = command.command === 'resolve' && (command.params as { source_id?: number }).source_id === 5;
      const down = { ack_status: 'error', message: 'Still on the floor.', error: { code: 'confirmation_required' } };
      const error = { ack_status: 'error', message: 'Room 2 is not watched here.', error: { code: 'unknown_stream' } };
      const done = { ack_status: 'completed', message: `${command.command} is done.` };
      await bus.publish(topic, { ...ack, timestamp: at, ...(isDown ? down : other ? error : done) });
    };
    await bus.subscribe(topics.commands, async (message) => {
      const command = message.json() as CommandEnvelope;
      const to = command.target_instances ?? ['processor-a', 'processor-b'];
      for (const name of to) {
        if (name.startsWith('processor-')) {
          await answer(command, name, topics.ack(name));
        }
      }
    });
    await bus.subscribe(topics.orchestratorCommands, (message) =>
      answer(message.json() as CommandEnvelope, 'orchestrator', topics.orchestratorAck),
    );
  });
  afterAll(async () => {
    await bus?.stop();
    await broker?.stop();
  });

  const ask = (...args: string[]): Promise<Run> => vigilia(...args, '--mqtt-url', broker.url);

  test('send --wait names who answered; a broadcast for one room is not a failure of processors that do not have it', async () => {
    const all = await ask('send', 'set_fps', '--param', 'max_fps=1', '--wait');
    expect(all).toMatchObject({ code: 0, errors: '' });
    expect(all.output).toMatch(/processor-a: set_fps completed.*\nprocessor-b: set_fps completed/);
    const one = await ask('send', 'set_fps', '--param', 'max_fps=1', '--to', 'processor-b', '--wait', '--json');
    expect(JSON.parse(one.output)).toMatchObject({ ok: true, text: expect.stringContaining('processor-b') });
    expect(heard.at(-1)).toMatchObject({ params: { max_fps: 1 }, target_instances: ['processor-b'] });
    expect(await ask('send', 'remove_stream', '--param', 'source_id=2', '--wait', '--yes')).toMatchObject({ code: 0 });
    const toOne = ['send', 'remove_stream', '--param', 'source_id=2', '--to', 'processor-b', '--wait', '--yes'];
    const refused = await ask(...toOne);
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('not watched here') });
    const nobody = await ask('send', 'ping', '--to', 'unknown', '--wait', '--timeout', '1');
    expect(nobody).toMatchObject({ code: 1, output: expect.stringContaining('No answer to ping from unknown') });
  });

  test.each([
    ['stop', [], /Processors that stop monitor no room .* Send stop to all homes\?.*--yes/s],
    ['remove_stream', ['--param', 'source_id=2'], /Falls in the room are not seen any more \(room 2\)/],
    ['add_stream', ['--param', 'source_id=8'], /gives the room to all homes.*vigilia room add 8/s],
  ])('%s is not sent before a person has confirmed what it means', async (command, params, meaning) => {
    const count = heard.length;
    const refused = await ask('send', command, ...params);
    expect(refused).toMatchObject({ code: 2, output: '', errors: expect.stringMatching(meaning) });
    expect(heard).toHaveLength(count);
  });

  test('status, rooms and incidents show what the broker retains, to people and to programs', async () => {
    const tables = [await ask('status'), await ask('rooms'), await ask('incidents')];
    expect(tables.map(({ code }) => code)).toEqual([0, 0, 0]);
    const [status, rooms, incidents] = tables.map(({ output }) => output.split('\n'));
    expect(status?.[1]).toMatch(/^processor-a +home +running .*2@0\.1 +light/);
    expect(rooms?.[1]).toMatch(/^2 +processor-a +watching +light +0\.1 +alarm/);
    expect(incidents?.[1]).toMatch(/^inc-1 +2 +open .*processor-a/);
    const values = [await ask('status', '--json'), await ask('rooms', '--json'), await ask('incidents', '--json')];
    expect(values.map(({ output }) => JSON.parse(output))).toMatchObject([
      [{ instance_id: 'processor-a' }, { instance_id: 'processor-b' }],
      { rooms: [{ source_id: 2, fall: { state: 'alarm' } }] },
      [{ incident_id: 'inc-1', state: 'open' }],
    ]);
  });

  test('status --check lists each fault with its remedy and ends with exit code 1, for people and for monitoring', async () => {
    const check = await ask('status', '--check');
    expect(check.code).toBe(1);
    expect(check.output).toContain('FAILED   orchestrator: none has announced itself');
    expect(check.output).toMatch(/FAILED {3}room 2: unwatched \(silent.*\n +→ Look at the processor/);
    const json = JSON.parse((await ask('status', '--check', '--json')).output);
    expect(json).toMatchObject({ healthy: false });
    expect(json.findings.map(({ code }: { code?: string }) => code)).toContain('room_unwatched');
  });

  test('rooms --check names the silent room, which its processor calls monitored, as the page does', async () => {
    const [check, json] = await Promise.all([ask('rooms', '--check'), ask('rooms', '--check', '--json')]);
    expect(check.code).toBe(1);
    expect(check.output).toMatch(/^5 +processor-b +unwatched +silent/m);
    expect(JSON.parse(json.output)).toMatchObject({
      rooms: [
        { source_id: 2, condition: 'fall', watched: false },
        { source_id: 5, condition: 'unwatched', watched: false },
      ],
    });
  });

  test.each([
    ['ack', 'acknowledge', [], {}],
    ['resolve', 'resolve', ['--outcome', 'false_alarm'], { outcome: 'false_alarm' }],
    ['resolve', 'resolve', ['--cause', 'rug', '--note', 'well', '--confirmed'], { cause: 'rug', confirmed: true }],
    ['resolve', 'resolve', ['--incident', 'inc-1'], { incident_id: 'inc-1' }],
    ['undo-verdict', 'undo_verdict', [], {}],
    ['release', 'release', [], {}],
    ['drill', 'drill', ['--with-alerts'], { with_alerts: true }],
  ] as const)(
    '%s sends the orchestrator %s with the name of the person, and shows its answer',
    async (verb, command, more, params) => {
      const told = await ask(verb, '2', '--by', 'Ana', ...more);
      expect(told).toEqual({ code: 0, errors: '', output: `${command} is done.\n` });
      expect(heard.at(-1)).toMatchObject({ command, params: { source_id: 2, by: 'Ana', ...params } });
      const { output } = await ask(verb, '2', ...more, '--json');
      expect(JSON.parse(output)).toMatchObject({ command, ack_status: 'completed', instance_id: 'orchestrator' });
    },
  );

  test('resolve names its own flag where a person is still on the floor', async () => {
    const refused = await ask('resolve', '5');
    expect(refused).toMatchObject({ code: 1, output: 'Still on the floor. On the command line: --confirmed.\n' });
  });

  test('watch shows what happens until Ctrl-C, one JSON object per line', async () => {
    let child: ChildProcess | undefined;
    let shown = '';
    const args = [join(repoRoot, 'apps/cli/dist/main.js'), 'watch', '--json', '--mqtt-url', broker.url];
    const ended = run(process.execPath, args, {
      started: (process) => {
        child = process;
        process.stdout?.on('data', (chunk) => (shown += String(chunk)));
      },
    });
    const event = {
      event_id: 'e-2',
      event: 'room_blind',
      source_id: 5,
      cause: 'no_frames',
      message: 'Room 5 cannot be seen.',
      instance_id: 'processor-a',
      severity: 'warning',
      timestamp: new Date().toISOString(),
      trace_id: 'e-2',
    };
    await eventually(async () => {
      await bus.publish(topics.event('room_blind'), event);
      for (const topic of [topics.event('room_blind'), topics.incident('inc-1')]) {
        expect(shown).toContain(topic);
      }
    }).finally(() => child?.kill('SIGINT'));
    const { code, output } = await ended;
    expect(code).toBe(0);
    const lines = output
      .trim()
      .split('\n')
      .map((line): { topic: string; payload: unknown } => JSON.parse(line));
    expect(lines).toContainEqual(expect.objectContaining({ topic: topics.event('room_blind'), payload: event }));
    expect(lines.map(({ topic }) => topic)).toContain(topics.incident('inc-1'));
  });
});
