import { eventually, requires } from '@vigilia/testing';
import { makeSite, type ProcessorHouse, startHouse, type TestSite, topics } from './test-support/processor-house.ts';

/** The commands that existing scripts send, literally: as typed, without ids or targets. */
requires('ffmpeg')('the interface that existing scripts rely on', () => {
  let site: TestSite;
  let house: ProcessorHouse;

  beforeAll(async () => {
    site = await makeSite();
    house = await startHouse({ site, flags: ['--streams', '0,1', '--max-fps', '2', '--instance-id', 'processor_A'] });
  });
  afterAll(async () => {
    await house.stop();
    await site.remove();
  });

  /** Publishes a line as people type it, and collects what comes back on the shared topics until the final answer. */
  async function type(line: string) {
    const statuses = house.mark();
    const seen: Record<string, unknown>[] = [];
    const { command } = JSON.parse(line) as { command: string };
    await house.client.subscribe(
      topics.ackShared,
      (message) => void seen.push(message.json() as Record<string, unknown>),
    );
    house.publish(line);
    await eventually(
      () => expect(seen.map((ack) => ack.ack_status)).toContainEqual(expect.stringMatching(/completed|error/)),
      {
        timeoutMs: 60_000,
      },
    );
    const acks = seen.filter((ack) => ack.command === command);
    // the topics are handed over one by one: the last status may come a moment after the answer
    const rejected = acks.some((ack) => (ack.error as { code?: string } | undefined)?.code === 'invalid_params');
    if (!rejected) {
      await eventually(() => expect(statuses().at(-1)).toBe('running'));
    }
    return { acks, statuses: statuses(), last: house.lastStatus() };
  }
  const path = (acks: Record<string, unknown>[]): unknown[] => acks.map((ack) => ack.ack_status);
  const roomNumbers = (): number[] => (house.lastStatus().streams ?? []).map((stream) => stream.source_id);

  it('restart answers received and completed, and states reconfiguring and running', async () => {
    const { acks, statuses } = await type('{"command": "restart"}');
    expect(path(acks)).toEqual(['received', 'completed']);
    expect(statuses).toEqual(['reconfiguring', 'running']);
    expect(acks[0]).toMatchObject({ command: 'restart', client_id: 'processor_A', instance_id: 'processor_A' });
    expect(acks[0]?.timestamp).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/);
  });

  it('change_model puts the new model into the status and into the next detections', async () => {
    const { acks, last } = await type('{"command": "change_model", "params": {"model_id": "same"}}');
    expect(path(acks)).toEqual(['received', 'completed']);
    expect(last.config?.model_id).toBe('same');
    const found = await house.detections.next(({ body }) => body?.model_id === 'same');
    expect(found.body).toMatchObject({ instance_id: 'processor_A' });
  });

  it('set_fps without a room sets the rate of all rooms', async () => {
    const { acks, statuses, last } = await type('{"command": "set_fps", "params": {"max_fps": 1.0}}');
    expect(path(acks)).toEqual(['received', 'completed']);
    expect(statuses).toEqual(['reconfiguring', 'running']);
    expect(last.streams?.map((stream) => stream.max_fps)).toEqual([1, 1]);
  });

  it('add_stream, at the address that follows from its number, and once only', async () => {
    const { acks, last } = await type('{"command": "add_stream", "params": {"source_id": 8}}');
    expect(path(acks)).toEqual(['received', 'completed']);
    expect(last.streams?.at(-1)).toMatchObject({ source_id: 8, uri: `file://${site.mediaDir}/8.mp4` });
    await house.detections.next(({ topic }) => topic === 'nvr/detections/8');
    const again = await type('{"command": "add_stream", "params": {"source_id": 8}}');
    expect(path(again.acks)).toEqual(['received', 'error']);
    expect(again.acks[1]?.message).toBe('Stream 8 already exists');
    expect(again.statuses).toEqual(['reconfiguring', 'error', 'running']);
    expect(roomNumbers()).toEqual([0, 1, 8]);
  });

  it('remove_stream ends the room and leaves the others', async () => {
    const { acks } = await type('{"command": "remove_stream", "params": {"source_id": 8}}');
    expect(path(acks)).toEqual(['received', 'completed']);
    expect(roomNumbers()).toEqual([0, 1]);
  });

  it('a model that does not exist: the configuration is as before, and the rooms go on', async () => {
    const { acks, statuses, last } = await type('{"command": "change_model", "params": {"model_id": "no-such-model"}}');
    expect(path(acks)).toEqual(['received', 'error']);
    expect(acks[1]).toMatchObject({ error: { code: 'model_not_found', field: 'model_id' } });
    expect(String(acks[1]?.message)).toContain('small');
    expect(statuses).toEqual(['reconfiguring', 'error', 'running']);
    expect(last.config?.model_id).toBe('same');
    expect(last.last_error).toMatchObject({ command: 'change_model', code: 'model_not_found' });
    await house.detections.next(({ body }) => body?.model_id === 'same');
  });

  it('a missing parameter is named in the answer as scripts expect it', async () => {
    const { acks } = await type('{"command": "change_model", "params": {}}');
    expect(acks.at(-1)).toMatchObject({ ack_status: 'error', message: 'Missing required parameter: model_id' });
  });

  it('a restart during a restart is refused, not queued, while status, ping and the rooms go on', async () => {
    const statuses = house.mark();
    const first = house.send('restart');
    const second = await house.send('restart');
    expect(second).toMatchObject({ ack_status: 'error', error: { code: 'in_progress' } });
    expect(await house.send('ping')).toMatchObject({ ack_status: 'completed' });
    expect(statuses()).not.toContain('error');
    expect(await first).toMatchObject({ ack_status: 'completed' });
  });

  it('ping: pong with uptime, config and health', async () => {
    await house.send('ping');
    const pong = await house.statuses.next(({ body }) => body?.pong === true);
    expect(pong.body).toMatchObject({ health: 'ok', config: { max_fps: 1 }, uptime_seconds: expect.any(Number) });
  });

  it('metrics publishes the short form and the full form, each on its topic', async () => {
    const light: unknown[] = [];
    await house.client.subscribe('nvr/status/metrics/processor_A', (message) => void light.push(message.json()));
    const full = new Promise<Record<string, unknown>>((resolve) => {
      const take = (message: { json(): unknown }): void => resolve(message.json() as Record<string, unknown>);
      void house.client.subscribe('nvr/control/status/metrics/processor_A', take);
    });
    await house.send('metrics');
    expect(await full).toMatchObject({ models: [{ model_id: 'same' }], rooms: [{ source_id: 0 }, { source_id: 1 }] });
    expect(light[0]).toMatchObject({ instance_id: 'processor_A' });
  });

  it('pause and resume keep the rooms, without results in between', async () => {
    expect(await house.send('pause')).toMatchObject({ ack_status: 'completed', result: { changed: true } });
    await eventually(() => expect(house.lastStatus().status).toBe('paused'));
    const count = house.detections.messages.length;
    expect(await house.send('set_fps', { max_fps: 2 })).toMatchObject({ ack_status: 'completed' });
    await eventually(() => expect(house.lastStatus().status).toBe('paused'));
    expect(house.detections.messages.length - count).toBeLessThanOrEqual(1);
    await house.send('resume');
    await eventually(() => expect(house.lastStatus().status).toBe('running'));
    await house.detections.next(({ topic }) => topic === 'nvr/detections/0');
  });

  it('target_instances: all, or those that are named', async () => {
    expect(await house.send('status', {}, { target_instances: ['*'] })).toMatchObject({ ack_status: 'completed' });
    house.publish({ command: 'pause', target_instances: ['processor_B'] });
    expect(await house.send('ping', {}, { target_instances: ['processor_A'] })).toMatchObject({
      ack_status: 'completed',
    });
    expect(house.lastStatus().status).toBe('running');
  });

  it('logs each command with its old and new values', async () => {
    const starts = house.lines.filter((line) => line.event === 'change_model_command_start');
    expect(starts[0]).toMatchObject({
      level: 'INFO',
      message: 'CHANGE_MODEL command executing',
      old_model_id: 'small',
      new_model_id: 'same',
    });
    const events = house.lines.map((line) => line.event);
    expect(events).toEqual(
      expect.arrayContaining(['restart_command_start', 'restart_completed', 'change_model_failed']),
    );
  });

  it('stop is answered, states stopping, and ends the process with exit code 0', async () => {
    expect(await house.send('stop')).toMatchObject({ ack_status: 'completed' });
    await eventually(() => expect(house.lastStatus().status).toBe('stopping'));
    expect(house.exits).toEqual([0]);
  });
});
