import { isAlive } from '@vigilia/service';
import { askHealth, eventually, requires, spawnTypeScript } from '@vigilia/testing';
import { ProcessRegistry } from '../runtime/process-registry.ts';
import { entryOf, ready, startHouse, type TestHouse } from './start-house.ts';

const describe = requires('ffmpeg');

describe('the orchestrator as a process', () => {
  let house: TestHouse;

  beforeAll(async () => {
    house = await startHouse({ homes: { 'processor-a': [0, 2] } });
    await ready(house, [0, 2]);
    await eventually(() => expect(house.orchestrator().stdout()).toContain('view_whole'), { timeoutMs: 60_000 });
  });

  afterAll(() => house?.stop());

  it('reports over HTTP that it lives and acts, for programs that restart or display it', async () => {
    const answers = await askHealth(house.orchestrator().stdout());
    expect(answers).toMatchObject({ healthz: 200, readyz: 200 });
    expect(answers.metrics).toMatch(/^vigilia_planned_actions_total\{/m);
  });

  it('a second one detects the first, reports it in one sentence and ends', async () => {
    const second = spawnTypeScript(entryOf('orchestrator'), [
      '--mqtt-url',
      house.mqttUrl,
      '--data-dir',
      house.folder.file('second'),
    ]);
    const { code } = await second.ended;
    expect(code).toBe(2);
    expect(second.stderr()).toMatch(/Another orchestrator \(orchestrator, since term \d+\) acts at this broker/);
    expect(second.stderr()).not.toMatch(/\n\s+at /);
    expect(house.orchestrator().child.exitCode).toBeNull();
  });

  it('plan shows what a policy would do and changes nothing', async () => {
    const before = house.commands.length;
    const args = [
      'plan',
      '--mqtt-url',
      house.mqttUrl,
      '--policy',
      house.folder.file('policy.yaml'),
      '--data-dir',
      house.folder.file('data'),
    ];
    const shown = spawnTypeScript(entryOf('orchestrator'), args);
    expect((await shown.ended).code).toBe(0);
    expect(shown.stdout()).toMatch(/Nothing is to be done|send |publish |write /);
    // whom it has not heard for a while the running one may ask at any time
    expect(house.commands.slice(before).filter(({ command }) => command !== 'ping')).toEqual([]);
  });

  it('refuses a command it does not know, and answers one it does', async () => {
    const answers: Record<string, unknown>[] = [];
    await house.bus.subscribe(
      house.topics.orchestratorAck,
      (message) => void answers.push(message.json() as Record<string, unknown>),
    );
    await house.bus.publish(house.topics.orchestratorCommands, { command: 'dance', command_id: 'one' });
    await house.bus.publish(house.topics.orchestratorCommands, {
      command: 'acknowledge',
      params: { source_id: 0 },
      command_id: 'two',
    });
    await house.bus.publish(house.topics.orchestratorCommands, '{ not json');
    await eventually(() => {
      const error = (id: string) => answers.find((ack) => ack.command_id === id && ack.ack_status === 'error');
      expect(error('one')).toMatchObject({ error: { code: 'unknown_command' } });
      expect(error('two')).toMatchObject({ error: { code: 'invalid_params', field: 'source_id' } });
      expect(answers.some((ack) => (ack.error as { code?: string } | undefined)?.code === 'invalid_json')).toBe(true);
    });
  });

  it('SIGTERM publishes offline and leaves the dedicated processor at work', async () => {
    await house.bus.publish(house.topics.event('fall_detected'), { source_id: 2 });
    await eventually(() => expect(house.watchers(2)).toEqual(['processor-a_1']), { timeoutMs: 90_000 });
    const states: string[] = [];
    await house.bus.subscribe(
      house.topics.orchestratorStatus,
      (message) => void states.push(String((message.json() as { status: unknown }).status)),
    );
    const stopped = house.orchestrator();
    stopped.child.kill('SIGTERM');
    expect((await stopped.ended).code).toBe(0);
    await eventually(() => expect(states.at(-1)).toBe('offline'));
    const entry = await new ProcessRegistry(house.folder.file('data/dedicated')).read('processor-a_1');
    expect(isAlive(entry?.pid ?? 0, entry?.start_time)).toBe(true);
  });
});
