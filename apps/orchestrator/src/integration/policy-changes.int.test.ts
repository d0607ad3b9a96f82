import type { Ack } from '@vigilia/protocol';
import { eventually, requires } from '@vigilia/testing';
import { startHouse, type TestHouse } from './start-house.ts';

const describe = requires('ffmpeg');

describe('changes of the policy, at a real orchestrator', () => {
  let house: TestHouse;
  const acks = new Map<string, Ack>();

  beforeAll(async () => {
    house = await startHouse({ homes: {} });
    // before it has read everything it would see no retained policy
    await eventually(() => expect(house.orchestrator().stdout()).toContain('view_whole'), { timeoutMs: 60_000 });
    await house.bus.subscribe(house.topics.orchestratorAck, (message) => {
      const ack = message.json() as Ack;
      if (ack.ack_status !== 'received') {
        acks.set(ack.command_id, ack);
      }
    });
  });
  afterAll(() => house?.stop());

  let count = 0;
  const ask = async (command: string, params: object = {}): Promise<Ack> => {
    count += 1;
    const id = `test-${count}`;
    await house.bus.publish(house.topics.orchestratorCommands, { command, params, command_id: id });
    return eventually(
      () => {
        const ack = acks.get(id);
        if (ack === undefined) throw new Error(`no answer to ${command}`);
        return ack;
      },
      { timeoutMs: 60_000, message: command },
    );
  };

  it('are previewed, made by the first, refused to the later one, and known with their author after a restart', async () => {
    const changes = [
      { path: ['standby'], value: 1 },
      { path: ['night'], value: { from: '22:00' } },
    ];
    const preview = await ask('plan', { changes });
    expect(preview.result?.steps).toContainEqual(expect.objectContaining({ kind: 'spawn' }));
    expect(await ask('get_policy')).toMatchObject({ result: { revision: 0, policy: { standby: 0 }, changes: [] } });
    expect(await ask('plan', { changes: [{ path: ['standby'], value: 99 }] })).toMatchObject({
      ack_status: 'error',
      error: { code: 'invalid_params', field: 'standby' },
    });
    const drill = [{ path: ['timings', 'drill_seconds'], value: 60 }];
    const made = await ask('change_policy', { changes: [...drill, changes[1]], base_revision: 0, by: 'Ana Ruiz' });
    expect(made).toMatchObject({ ack_status: 'completed', result: { revision: 1 } });
    expect(await ask('change_policy', { changes: drill, base_revision: 0, by: 'Eva Keys' })).toMatchObject({
      ack_status: 'error',
      error: { code: 'policy_changed', field: 'base_revision' },
      message: expect.stringContaining('Ana Ruiz'),
    });
    const killed = house.orchestrator();
    killed.child.kill('SIGKILL');
    await killed.ended;
    house.startOrchestrator();
    await eventually(() => expect(house.orchestrator().stdout()).toContain('view_whole'), { timeoutMs: 60_000 });
    expect(await ask('get_policy')).toMatchObject({
      result: {
        revision: 1,
        policy: { timings: { drill_seconds: 60 }, night: { from: '22:00' } },
        changes: [{ revision: 1, by: 'Ana Ruiz' }],
      },
    });
  });
});
