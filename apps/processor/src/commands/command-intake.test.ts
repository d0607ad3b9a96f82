import { CommandError } from '@vigilia/protocol';
import { eventually } from '@vigilia/testing';
import { FakeBus } from '../test-support/fake-bus.ts';
import { heldIntake as house, topics } from '../test-support/held-intake.ts';
import { INBOX_BYTES } from './command-inbox.ts';

describe('who answers', () => {
  it('every processor, when a command names none: received, then completed, on the own topic and the shared one', async () => {
    const one = await house();
    one.send({ command: 'restart' });
    await one.answers(2);
    expect(one.acks()).toEqual([
      ['restart', 'received'],
      ['restart', 'completed'],
    ]);
    expect(one.bus.on(topics.ackShared)).toEqual(one.bus.on(topics.ack('a')));
    expect(one.bus.on(topics.ackShared)[1]).toMatchObject({ instance_id: 'a', client_id: 'a', result: { ran: 1 } });
  });

  it.each([
    [{ target_instances: ['*'] }, true],
    [{ target_instances: ['b', 'a'] }, true],
    [{ target_instances: ['b'] }, false],
  ])('%j', async (targets, obeyed) => {
    const one = await house();
    one.send({ command: 'restart', ...targets });
    one.send({ command: 'ping', target_instances: ['a'] });
    await one.answers(obeyed ? 4 : 2);
    expect(one.runner.ran.some((command) => command.command.command === 'restart')).toBe(obeyed);
  });

  it('a dedicated processor only when it is named, also to a message that is not a command', async () => {
    const one = await house({ role: 'dedicated' });
    one.send({ command: 'restart' });
    one.send('nonsense{');
    one.send({ command: 'restart', target_instances: ['*'] });
    one.send({ command: 'restart', target_instances: ['a'] });
    await one.answers(2);
    expect(one.runner.ran).toHaveLength(1);
  });

  it('no processor, when the message is retained: it would run at each start', async () => {
    const one = await house();
    one.send({ command: 'restart' }, { retain: true });
    one.send({ command: 'ping' });
    await one.answers(2);
    expect(one.runner.ran.map((command) => command.command.command)).toEqual(['ping']);
  });
});

describe('a message that is not a command', () => {
  it.each([
    ['nonsense{', 'unknown', 'invalid_json'],
    ['[]', 'unknown', 'invalid_command'],
    [{ params: {} }, 'unknown', 'invalid_command'],
    [{ command: 'restart', params: 7 }, 'restart', 'invalid_command'],
    [{ command: 'restart', expires_at: 'soon' }, 'restart', 'invalid_command'],
  ])('%j is answered all the same', async (payload, name, code) => {
    const one = await house();
    one.send(payload);
    await one.answers(1);
    expect(one.acks()).toEqual([[name, 'error', code]]);
    expect(one.bus.on(topics.ack('a'))[0]?.command_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('keeps the id that can be read, so that its sender knows', async () => {
    const one = await house();
    one.send({ command: 7, command_id: 'mine' });
    await one.answers(1);
    expect(one.bus.on(topics.ack('a'))[0]).toMatchObject({
      command_id: 'mine',
      message: expect.stringContaining('command'),
    });
  });

  it('an invalid parameter is rejected before anything is run, in our words', async () => {
    const one = await house();
    one.send({ command: 'set_fps', params: { max_fps: 45 } });
    await one.answers(2);
    expect(one.runner.ran).toEqual([]);
    expect(one.bus.on(topics.ack('a'))[1]).toMatchObject({
      error: { code: 'invalid_params', field: 'max_fps' },
      message: 'Invalid parameter max_fps: must be at most 30 (got 45)',
    });
  });

  it.each([
    ['brackets nested 3,000 deep', `{"command":"restart","params":${'['.repeat(3000)}${']'.repeat(3000)}}`],
    ['300 kB', JSON.stringify({ command: 'restart', trace_id: 'x'.repeat(300_000) })],
  ])('%s are answered with an error and run nothing', async (_, payload) => {
    const one = await house();
    one.send(payload);
    await one.answers(1);
    expect(one.acks()).toEqual([['unknown', 'error', 'invalid_command']]);
  });

  it('a name that no command has', async () => {
    const one = await house();
    one.send({ command: 'dance' });
    await one.answers(2);
    expect(one.acks()[1]).toEqual(['dance', 'error', 'unknown_command']);
  });
});

describe('the answer', () => {
  it('goes to the response topic too, with its correlation data', async () => {
    const one = await house();
    const correlationData = Buffer.from('42');
    one.send({ command: 'restart', trace_id: 't' }, { responseTopic: 'reply/me', correlationData });
    await eventually(() => expect(one.bus.on('reply/me')).toHaveLength(2));
    const last = one.bus.published.filter((message) => message.topic === 'reply/me').at(-1);
    expect(last?.options.correlationData).toEqual(correlationData);
    expect(last?.body).toMatchObject({ ack_status: 'completed', trace_id: 't' });
  });

  it.each(['nvr/control/commands', 'nvr/rooms/1', 'reply/#'])(
    'never goes to %s, where it would be read as something else',
    async (topic) => {
      const one = await house();
      one.send({ command: 'restart' }, { responseTopic: topic });
      await one.answers(2);
      expect(one.bus.on(topic)).toEqual([]);
    },
  );

  it('of a failure carries code, field and sentence', async () => {
    const one = await house({ quick: false });
    one.send({ command: 'change_model', params: { model_id: 'm' } });
    await eventually(() => expect(one.runner.ran).toHaveLength(1));
    one.runner.end(new CommandError('model_not_found', 'There is no model m', { field: 'model_id' }));
    await one.answers(2);
    expect(one.bus.on(topics.ack('a'))[1]).toMatchObject({
      ack_status: 'error',
      message: 'There is no model m',
      error: { code: 'model_not_found', field: 'model_id' },
    });
  });

  it('to an internal error is `internal`, without details', async () => {
    const one = await house({ quick: false });
    one.send({ command: 'restart' });
    await eventually(() => expect(one.runner.ran).toHaveLength(1));
    one.runner.end(new TypeError('x is not a function'));
    await one.answers(2);
    expect(one.acks()[1]).toEqual(['restart', 'error', 'internal']);
    expect(JSON.stringify(one.bus.on(topics.ack('a'))[1])).not.toContain('not a function');
  });
});

describe('a command that comes again while too many commands wait', () => {
  /** A broker that acknowledges nothing as long as it is slow. */
  class SlowBroker extends FakeBus {
    slow = false;
    readonly #late: (() => void)[] = [];

    override async publish(...args: Parameters<FakeBus['publish']>): Promise<void> {
      await super.publish(...args);
      if (!this.slow) return;
      await new Promise<void>((resolve) => this.#late.push(resolve));
    }

    acknowledge(): void {
      this.slow = false;
      for (const resolve of this.#late.splice(0)) {
        resolve();
      }
    }
  }

  const restart = (command_id: string) => ({ command: 'restart', command_id });
  const reply = (name: string) => ({ responseTopic: `reply/${name}` });

  /** One command was answered; then answers and commands are as many as may wait. `first` is the first that waits. */
  const flooded = async () => {
    const bus = new SlowBroker();
    const one = await house({ bus, mostWaiting: 4 });
    one.send(restart('answered'));
    await one.answers(2);
    bus.slow = true;
    for (const _ of [1, 2]) {
      one.send('nonsense{');
    }
    one.send(restart('first'));
    one.send('x'.repeat(INBOX_BYTES - JSON.stringify(restart('first')).length));
    one.send(restart('too-many'), reply('too-many'));
    expect(bus.on('reply/too-many')).toMatchObject([{ error: { code: 'queue_full' } }]);
    return { ...one, bus };
  };
  const outcomes = (bus: FakeBus, topic: string) =>
    bus.on(topic).map(({ ack_status, error }) => [ack_status, (error as { code: string } | undefined)?.code]);

  it('gets its answer again, not the report that the queue is full', async () => {
    const one = await flooded();
    one.send(restart('answered'), reply('again'));
    one.send({ command: 'ping', command_id: 'answered' }, reply('other'));
    expect(outcomes(one.bus, 'reply/again')).toEqual([['completed', undefined]]);
    expect(outcomes(one.bus, 'reply/other')).toEqual([['error', 'invalid_command']]);
  });

  it('is not reported as failed where the first one waits: both senders get the answer of that one', async () => {
    const one = await flooded();
    one.send(restart('first'), reply('again'));
    one.send({ command: 'ping', command_id: 'first' }, reply('other'));
    expect(outcomes(one.bus, 'reply/again')).toEqual([]);
    expect(outcomes(one.bus, 'reply/other')).toEqual([['error', 'invalid_command']]);
    one.bus.acknowledge();
    await eventually(() =>
      expect(outcomes(one.bus, 'reply/again')).toEqual([
        ['received', undefined],
        ['completed', undefined],
      ]),
    );
    expect(one.runner.ran.filter(({ commandId }) => commandId === 'first')).toHaveLength(1);
  });
});
