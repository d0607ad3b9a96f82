import { eventually } from '@vigilia/testing';
import { heldIntake as house, topics } from '../test-support/held-intake.ts';
import { QUEUE_CAPACITY } from './command-queue.ts';

describe('order', () => {
  it('one at a time, in the order they came', async () => {
    const one = await house({ quick: false });
    one.send({ command: 'pause' });
    one.send({ command: 'resume' });
    await eventually(() => expect(one.runner.ran).toHaveLength(1));
    one.runner.end();
    await eventually(() =>
      expect(one.runner.ran.map((command) => command.command.command)).toEqual(['pause', 'resume']),
    );
    one.runner.end();
    await one.answers(4);
  });

  it('ping is answered at once, also while something runs', async () => {
    const one = await house({ quick: false });
    one.send({ command: 'restart' });
    await eventually(() => expect(one.runner.ran).toHaveLength(1));
    one.send({ command: 'ping' });
    await one.answers(3);
    expect(one.acks().at(-1)).toEqual(['ping', 'completed']);
    one.runner.end();
  });

  it('a restart during a restart is refused, not queued; so is one before it began', async () => {
    const one = await house({ quick: false });
    one.send({ command: 'pause' });
    await eventually(() => expect(one.runner.ran).toHaveLength(1));
    one.send({ command: 'restart' });
    one.send({ command: 'restart' });
    expect(one.acks().at(-1)).toEqual(['restart', 'error', 'in_progress']);
    one.runner.end();
    await eventually(() => expect(one.runner.ran).toHaveLength(2));
    one.send({ command: 'restart', params: { source_id: 3 } });
    expect(one.acks().at(-1)).toEqual(['restart', 'error', 'in_progress']);
    one.runner.end();
    await eventually(() => expect(one.acks().at(-1)).toEqual(['restart', 'completed']));
  });

  it('the same with the same parameters while it runs is refused; with others, or later, it is queued', async () => {
    const one = await house({ quick: false });
    const fps = (maxFps: number): void => one.send({ command: 'set_fps', params: { max_fps: maxFps } });
    fps(1);
    await eventually(() => expect(one.runner.ran).toHaveLength(1));
    fps(1);
    expect(one.acks().at(-1)).toEqual(['set_fps', 'error', 'in_progress']);
    fps(2);
    one.runner.end();
    await eventually(() => expect(one.runner.ran).toHaveLength(2));
    fps(1);
    one.runner.end();
    await eventually(() => expect(one.runner.ran).toHaveLength(3));
    one.runner.end();
  });

  it('the 33rd command that would have to wait is refused with queue_full', async () => {
    const one = await house({ quick: false });
    one.send({ command: 'pause' });
    await eventually(() => expect(one.runner.ran).toHaveLength(1));
    for (let n = 0; n <= QUEUE_CAPACITY; n++) {
      one.send({ command: 'set_fps', params: { max_fps: (n + 1) / 100 } });
    }
    const refused = one.acks().filter(([, status]) => status === 'error');
    expect(refused).toEqual([['set_fps', 'error', 'queue_full']]);
  });

  it('what waits when the processor stops is answered', async () => {
    const one = await house({ quick: false });
    one.send({ command: 'pause' });
    await eventually(() => expect(one.runner.ran).toHaveLength(1));
    one.send({ command: 'resume' });
    const closed = one.queue.close();
    one.runner.end(new Error('cut short'));
    await closed;
    const errors = one.bus.on(topics.ack('a')).filter((ack) => ack.ack_status === 'error');
    expect(errors.map((ack) => ack.message)).toEqual(['The processor is stopping', 'The processor is stopping']);
  });
});

describe('a command that comes twice', () => {
  it('runs once and gets its final answer again', async () => {
    const one = await house();
    one.send({ command: 'restart', command_id: 'x' });
    await one.answers(2);
    one.send({ command: 'restart', command_id: 'x' });
    await one.answers(3);
    expect(one.runner.ran).toHaveLength(1);
    expect(one.bus.on(topics.ack('a'))[2]).toEqual(one.bus.on(topics.ack('a'))[1]);
  });

  it('while it runs: both senders get the answer', async () => {
    const one = await house({ quick: false });
    one.send({ command: 'restart', command_id: 'x' }, { responseTopic: 'reply/1' });
    await eventually(() => expect(one.runner.ran).toHaveLength(1));
    one.send({ command: 'restart', command_id: 'x' }, { responseTopic: 'reply/2' });
    one.runner.end();
    await eventually(() => expect(one.bus.on('reply/2').at(-1)).toMatchObject({ ack_status: 'completed' }));
    expect(one.bus.on('reply/1').at(-1)).toMatchObject({ ack_status: 'completed' });
    expect(one.runner.ran).toHaveLength(1);
  });

  it('with other parameters is an error that names the repetition, and nothing runs', async () => {
    const one = await house();
    one.send({ command: 'set_fps', params: { max_fps: 1 }, command_id: 'x' });
    await one.answers(2);
    one.send({ command: 'set_fps', params: { max_fps: 2 }, command_id: 'x' });
    await one.answers(3);
    expect(one.acks()[2]).toEqual(['set_fps', 'error', 'invalid_command']);
    expect(one.runner.ran).toHaveLength(1);
  });

  it('is run again when the first was more than an hour ago', async () => {
    const one = await house();
    one.send({ command: 'restart', command_id: 'x' });
    await one.answers(2);
    await one.clock.advance(3_600_001);
    one.send({ command: 'restart', command_id: 'x' });
    await one.answers(4);
    expect(one.runner.ran).toHaveLength(2);
  });
});

describe('when it is too late', () => {
  it('a command that came after its time is not run', async () => {
    const one = await house();
    one.send({ command: 'restart', expires_at: new Date(one.clock.now() - 1).toISOString() });
    await one.answers(2);
    expect(one.acks()[1]).toEqual(['restart', 'error', 'expired']);
    expect(one.runner.ran).toEqual([]);
  });

  it('nor one whose time passed while it waited', async () => {
    const one = await house({ quick: false });
    one.send({ command: 'pause' });
    await eventually(() => expect(one.runner.ran).toHaveLength(1));
    one.send({ command: 'resume', expires_at: new Date(one.clock.now() + 1000).toISOString() });
    await one.clock.advance(2000);
    one.runner.end();
    await eventually(() => expect(one.acks().at(-1)).toEqual(['resume', 'error', 'expired']));
  });

  it('MQTT 5 states it too, and the earlier end counts', async () => {
    const one = await house({ quick: false });
    one.send({ command: 'pause' });
    await eventually(() => expect(one.runner.ran).toHaveLength(1));
    const expiresAt = new Date(one.clock.now() + 60_000).toISOString();
    one.send({ command: 'resume', expires_at: expiresAt }, { expirySeconds: 1 });
    await one.clock.advance(2000);
    one.runner.end();
    await eventually(() => expect(one.acks().at(-1)).toEqual(['resume', 'error', 'expired']));
  });

  it('a sender whose clock is an hour behind is obeyed: the difference of its own times counts', async () => {
    const one = await house();
    const hourAgo = one.clock.now() - 3_600_000;
    const sent_at = new Date(hourAgo).toISOString();
    one.send({ command: 'restart', sent_at, expires_at: new Date(hourAgo + 30_000).toISOString() });
    await one.answers(2);
    expect(one.acks()[1]).toEqual(['restart', 'completed']);
  });

  it('nor one of an orchestrator that was replaced', async () => {
    const one = await house();
    const status = { instance_id: 'o', boot_id: 'b', status: 'acting', timestamp: '2026-01-01T00:00:00Z' };
    one.bus.deliver(topics.orchestratorStatus, { ...status, term: 2 }, { retain: true });
    one.send({ command: 'restart', leader: { instance_id: 'o', term: 1 } });
    await one.answers(2);
    expect(one.acks()[1]).toEqual(['restart', 'error', 'stale_leader']);
  });

  it('a term that only a command claims does not shut out the real orchestrator', async () => {
    const one = await house();
    one.send({ command: 'ping', leader: { instance_id: 'intruder', term: 9_000_000_000_000 } });
    await one.answers(2);
    one.send({ command: 'restart', leader: { instance_id: 'o', term: 1 } });
    await one.answers(4);
    expect(one.acks()[3]).toEqual(['restart', 'completed']);
  });
});
