import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { systemClock } from '@vigilia/service';
import { eventually, requires, silentLogger, tempFolder } from '@vigilia/testing';
import type { DedicatedSpec } from '../plan/action.ts';
import { DockerRuntime } from './docker-runtime.ts';

const image = 'vigilia-processor:runtime-test';
const spec: DedicatedSpec = {
  instanceId: 'runtimetest-a_1',
  incidentId: 'inc-runtimetest',
  sourceIds: [2, 3],
  modelId: 'movenet-precise',
  maxFps: 1,
  traceId: 'trace-1',
};
const name = `vigilia-${spec.instanceId}`;

requires('docker')('dedicated processors as containers', () => {
  const runtimes: DockerRuntime[] = [];
  const made: [kind: string, name: string][] = [];
  const runtime = (host?: string, defaults = {}) => {
    const common = { mqttUrl: 'mqtt://mosquitto:1884', topicPrefix: 'nvr', streamServer: 'rtsp://go2rtc:8554' };
    const limits = { frozenAfterSeconds: 60, cpus: 1, memoryMb: 256 };
    const options = { host, defaults: { image, ...common, ...limits, ...defaults } };
    const one = new DockerRuntime({ ...options, clock: systemClock, logger: silentLogger() });
    runtimes.push(one);
    return one;
  };
  const ours = async (of = runtime()) => (await of.list()).filter(({ instanceId }) => instanceId === spec.instanceId);

  beforeAll(async () => {
    await docker('rm', '-f', name).catch(() => undefined);
    await using folder = await tempFolder('image');
    // Stands in for a processor: it only lives.
    await docker('build', '-q', '-t', image, '-f', await dockerfile(folder.file('Dockerfile')), folder.path);
    for (const [kind, wanted] of [
      ['network', 'vigilia_rooms'],
      ['volume', 'vigilia_secret-dedicated'],
      ['volume', 'vigilia_models'],
    ] as const) {
      const there = (await docker(kind, 'ls', '--format', '{{.Name}}')).split('\n').includes(wanted);
      if (!there) {
        made.push([kind, wanted]);
      }
      if (!there) {
        await docker(kind, 'create', wanted);
      }
    }
  });
  afterEach(async () => {
    await docker('rm', '-f', name).catch(() => undefined);
    await Promise.all(runtimes.splice(0).map((each) => each.close()));
  });
  afterAll(async () => {
    for (const [kind, each] of made) {
      await docker(kind, 'rm', each);
    }
    await docker('rmi', image);
  });

  test('one is started, listed with what it is for, stopped, and nothing is left', async () => {
    const engine = runtime();
    await engine.spawn(spec);
    const [listed] = await ours(engine);
    expect(listed).toMatchObject({ incidentId: spec.incidentId, sourceIds: [2, 3], state: 'running' });
    expect(listed?.ageMs).toBeLessThan(60_000);
    expect(await engine.stop(spec.instanceId)).toBe(true);
    expect(await ours(engine)).toEqual([]);
    expect(await engine.stop(spec.instanceId)).toBe(false);
  });

  test('the next life of the orchestrator finds it, and asking for it again starts no second one', async () => {
    await runtime().spawn(spec);
    const before = await docker('inspect', '-f', '{{.Id}}', name);
    const next = runtime();
    expect(await ours(next)).toHaveLength(1);
    await next.spawn(spec);
    expect(await docker('inspect', '-f', '{{.Id}}', name)).toBe(before);
  });

  test('one that has ended is listed as such and started again by the same wish', async () => {
    const engine = runtime();
    await engine.spawn(spec);
    await docker('stop', '-t', '0', name);
    expect(await ours(engine)).toMatchObject([{ state: 'exited' }]);
    await engine.spawn(spec);
    expect(await ours(engine)).toMatchObject([{ state: 'running' }]);
  });

  test('one left over from another purpose is replaced, one that runs for another incident is not touched', async () => {
    const engine = runtime();
    await engine.spawn(spec);
    await expect(engine.spawn({ ...spec, incidentId: 'inc-other' })).rejects.toMatchObject({ code: 'name_taken' });
    expect(await ours(engine)).toMatchObject([{ incidentId: spec.incidentId, state: 'running' }]);
    await docker('stop', '-t', '0', name);
    await engine.spawn({ ...spec, incidentId: 'inc-other' });
    expect(await ours(engine)).toMatchObject([{ incidentId: 'inc-other', state: 'running' }]);
  });

  test('lists a standby without an incident, so that the plan may give it to the next fall', async () => {
    const engine = runtime();
    await engine.spawn({ instanceId: spec.instanceId, sourceIds: [], maxFps: 1 });
    const [listed] = await ours(engine);
    expect(listed).toMatchObject({ sourceIds: [], state: 'running' });
    expect(listed?.incidentId).toBeUndefined();
  });

  test('reports containers that start and end', async () => {
    const engine = runtime();
    let heard = 0;
    engine.watch(() => {
      heard += 1;
    });
    await eventually(() => expect(heard).toBeGreaterThan(0));
    const opened = heard;
    await engine.spawn(spec);
    await eventually(() => expect(heard).toBeGreaterThan(opened));
    const started = heard;
    await docker('kill', name);
    await eventually(() => expect(heard).toBeGreaterThan(started));
  });

  test('an image that is missing, an engine that is unreachable, a value the proxy would refuse: each error names it', async () => {
    const missing = runtime(undefined, { image: 'vigilia-processor:not-there' });
    await expect(missing.spawn(spec)).rejects.toMatchObject({
      code: 'image_missing',
      message: expect.stringContaining('No such image: vigilia-processor:not-there'),
    });
    const away = runtime('unix:///nonexistent/docker.sock');
    await away.start();
    await expect(away.list()).rejects.toMatchObject({ code: 'unreachable' });
    await expect(away.spawn(spec)).rejects.toMatchObject({ code: 'unreachable' });
    const evil = { ...spec, modelId: '../../etc/passwd' };
    await expect(runtime().spawn(evil)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('modelId'),
    });
  });

  test('more CPUs than the host has are cut to what it has, and its capacity is reported', async () => {
    const engine = runtime(undefined, { cpus: 64 });
    await engine.start();
    await engine.spawn(spec);
    const { cpus, memoryMb } = await engine.capacity();
    expect(Number(await docker('inspect', '-f', '{{.HostConfig.NanoCpus}}', name))).toBe(cpus * 1e9);
    expect(memoryMb).toBeGreaterThan(100);
  });
});

async function docker(...words: string[]): Promise<string> {
  return (await promisify(execFile)('docker', words)).stdout.trim();
}

async function dockerfile(path: string): Promise<string> {
  await writeFile(path, 'FROM debian:bookworm-slim\nUSER 1000:1000\nCMD ["sleep", "600"]\n');
  return path;
}
