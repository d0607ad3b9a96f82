import { systemClock } from '@vigilia/service';
import { eventually, requires, silentLogger } from '@vigilia/testing';
import type { DedicatedSpec } from '../../apps/orchestrator/src/plan/action.ts';
import { SwarmRuntime } from '../../apps/orchestrator/src/runtime/swarm-runtime.ts';
import { docker } from '../docker-proxy/testing/engine.ts';
import { hostileServices } from '../docker-proxy/testing/hostile-services.ts';
import { exchange, rawRequest } from '../docker-proxy/testing/raw-http.ts';
import { image, startSwarm, type TestSwarm } from './testing/start-swarm.ts';

const spec: DedicatedSpec = {
  instanceId: 'swarmtest-a_1',
  incidentId: 'inc-swarmtest',
  sourceIds: [2, 3],
  modelId: 'movenet-precise',
  maxFps: 1,
  traceId: 'trace-1',
};
const name = `vigilia-${spec.instanceId}`;

requires('docker')('dedicated processors as services of a real swarm, through the real proxy', () => {
  let swarm: TestSwarm;
  const runtimes: SwarmRuntime[] = [];
  beforeAll(async () => {
    swarm = await startSwarm();
    await eventually(async () => expect((await call('GET', '/_ping')).statuses).toEqual([200]), { timeoutMs: 60_000 });
  });
  afterEach(async () => {
    await docker('service', 'rm', name).catch(() => undefined);
    await Promise.all(runtimes.splice(0).map((each) => each.close()));
  });
  afterAll(() => swarm?.stop());

  const call = (method: string, target: string, body?: string) => {
    const json = body === undefined ? {} : { headers: ['Content-Type: application/json'], body };
    return exchange(swarm.port, rawRequest({ method, target, ...json }));
  };
  const runtime = (options: { placement?: string; cpus?: number; image?: string } = {}) => {
    const common = { mqttUrl: 'mqtt://mosquitto:1884', topicPrefix: 'nvr', streamServer: 'rtsp://go2rtc:8554' };
    const limits = { frozenAfterSeconds: 60, cpus: options.cpus ?? 0.5, memoryMb: 256 };
    const one = new SwarmRuntime({
      host: `tcp://127.0.0.1:${swarm.port}`,
      placement: options.placement ?? 'node.labels.io.vigilia.dedicated!=false',
      defaults: { image: options.image ?? image, ...common, ...limits },
      clock: systemClock,
      logger: silentLogger(),
    });
    runtimes.push(one);
    return one;
  };
  const inspected = async (format: string) => docker('service', 'inspect', '-f', format, name);

  test('one is started, listed with what it is for, adopted by the next life, stopped, and nothing is left', async () => {
    const engine = runtime();
    await engine.spawn(spec);
    expect(await engine.list()).toMatchObject([
      { instanceId: spec.instanceId, incidentId: spec.incidentId, sourceIds: [2, 3], state: 'running' },
    ]);
    expect(await inspected('{{json .Spec.TaskTemplate.Resources.Reservations}}')).toBe(
      '{"NanoCPUs":500000000,"MemoryBytes":268435456}',
    );
    const before = await inspected('{{.ID}}');
    const next = runtime();
    await next.spawn(spec);
    expect(await inspected('{{.ID}}')).toBe(before);
    await expect(next.spawn({ ...spec, incidentId: 'inc-other' })).rejects.toMatchObject({ code: 'name_taken' });
    expect(await next.stop(spec.instanceId)).toBe(true);
    expect(await next.list()).toEqual([]);
    expect(await next.stop(spec.instanceId)).toBe(false);
  });

  test('one that dies is started again by the swarm itself, as user 1000, with its secret and nothing else', async () => {
    const engine = runtime();
    await engine.spawn(spec);
    const running = () => docker('ps', '-q', '--filter', 'label=io.vigilia.instance=swarmtest-a_1');
    const first = await running();
    expect(await docker('exec', first, 'sh', '-c', 'id -u; cat /run/vigilia/password')).toBe(
      '1000\nswarm-test-password',
    );
    await docker('kill', first);
    await eventually(async () => expect(await running()).toMatch(/^(?!$)/), { timeoutMs: 60_000 });
    expect(await running()).not.toBe(first);
    expect(await engine.list()).toHaveLength(1);
  });

  test('a processor that no node can take, and an image that does not exist, are reported and leave nothing behind', async () => {
    const nowhere = runtime({ placement: 'node.labels.io.vigilia.dedicated==nowhere' });
    await expect(nowhere.spawn(spec)).rejects.toMatchObject({
      message: expect.stringContaining('no suitable node (scheduling constraints not satisfied'),
    });
    await expect(runtime({ cpus: 64 }).spawn(spec)).rejects.toMatchObject({
      code: 'no_resources',
      message: expect.stringContaining('insufficient resources'),
    });
    await expect(runtime({ image: 'vigilia-processor:not-there' }).spawn(spec)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('docker-proxy'),
    });
    expect(await nowhere.list()).toEqual([]);
    const { cpus, memoryMb } = await nowhere.capacity();
    expect([cpus > 0.5, memoryMb > 256]).toEqual([true, true]);
  });

  test('reports changes of services, so that the orchestrator need not wait for its next listing', async () => {
    const engine = runtime();
    let heard = 0;
    engine.watch(() => {
      heard += 1;
    });
    await eventually(() => expect(heard).toBeGreaterThan(0));
    const opened = heard;
    await engine.spawn(spec);
    await eventually(() => expect(heard).toBeGreaterThan(opened));
  });

  test.each(hostileServices)('nothing is created by a body with $what', async ({ body }) => {
    const { statuses } = await call('POST', '/services/create', body);
    expect(statuses.every((status) => status >= 400 && status < 500)).toBe(true);
    expect(await docker('service', 'ls', '-q')).toBe('');
  });

  test.each([
    ['GET', '/services'],
    ['GET', '/services?filters=%7B%7D'],
    ['GET', '/tasks'],
    ['GET', '/secrets'],
    ['GET', '/configs'],
    ['GET', '/swarm'],
    ['GET', '/swarm/unlockkey'],
    ['GET', '/info'],
    ['GET', '/events'],
    ['GET', '/containers/json?all=1'],
    ['GET', '/services/vigilia_mosquitto'],
    ['GET', '/services/vigilia-swarmtest-a_1/logs?stdout=1'],
    ['DELETE', '/services/vigilia_processor-a'],
    ['DELETE', '/nodes/x'],
    ['POST', '/services/vigilia-swarmtest-a_1/update?version=1'],
    ['POST', '/swarm/leave?force=1'],
    ['POST', '/swarm/update?version=1&rotateWorkerToken=1'],
    ['POST', '/containers/create?name=vigilia-swarmtest-a_1'],
  ])('%s %s is refused', async (method, target) => {
    const body = method === 'POST' ? '{"Name":"x"}' : undefined;
    expect((await call(method, target, body)).statuses).toEqual([403]);
  });
});
