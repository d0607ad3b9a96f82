import { writeFile } from 'node:fs/promises';
import { isAlive, systemClock } from '@vigilia/service';
import { eventually, silentLogger, type TempFolder, tempFolder } from '@vigilia/testing';
import { endRegistered } from './end-registered.ts';
import { ProcessRegistry } from './process-registry.ts';
import { ProcessRuntime } from './process-runtime.ts';

const spec = { instanceId: 'a_1', incidentId: 'inc-1', sourceIds: [2], maxFps: 1 };
/** Writes what it was given, and lives on. */
const obedient = `import { writeFileSync } from 'node:fs';
writeFileSync(process.env.MEDIA_DIR, JSON.stringify(process.env)); setInterval(() => {}, 1000);`;
const deaf = `process.on('SIGTERM', () => {}); ${obedient.replace(/^import.*$/m, "import { writeFileSync } from 'node:fs';")}`;

describe('dedicated processors as processes', () => {
  let folder: TempFolder;
  const runtimes: ProcessRuntime[] = [];

  async function runtime(program = obedient, graceMs = 3000): Promise<ProcessRuntime> {
    await writeFile(folder.file('processor.mjs'), program);
    const made = new ProcessRuntime({
      processorEntry: folder.file('processor.mjs'),
      dataDir: folder.path,
      defaults: { mqttUrl: 'mqtt://broker:1883', topicPrefix: 'nvr', modelId: 'light' },
      env: {
        ...process.env,
        MEDIA_DIR: folder.file('env.json'),
        MQTT_PASSWORD: 'hunter2',
        HEALTH_PORT: '9',
        STATE_DIR: '/never',
      },
      clock: systemClock,
      logger: silentLogger(),
      graceMs,
      nodeArgs: [],
    });
    runtimes.push(made);
    await made.start();
    return made;
  }

  async function pidOf(instanceId: string): Promise<number> {
    return (await new ProcessRegistry(`${folder.path}/dedicated`).read(instanceId))?.pid ?? 0;
  }

  beforeEach(async () => {
    folder = await tempFolder('process-runtime');
  });

  afterEach(async () => {
    await endRegistered(folder.path, 500);
    for (const one of runtimes.splice(0)) {
      await one.close();
    }
    await folder.remove();
  });

  it('are given what they are for, and nothing that is the orchestrator’s alone', async () => {
    await (await runtime()).spawn(spec);
    const { readFile } = await import('node:fs/promises');
    const env = await eventually(
      async () => JSON.parse(await readFile(folder.file('env.json'), 'utf8')) as NodeJS.ProcessEnv,
    );
    expect(env).toMatchObject({
      INSTANCE_ID: 'a_1',
      ROLE: 'dedicated',
      INCIDENT_ID: 'inc-1',
      STREAMS: '2',
      MODEL: 'light',
      MAX_FPS: '1',
    });
    expect(JSON.stringify(env)).not.toContain('hunter2');
    expect(env).not.toHaveProperty('HEALTH_PORT');
    expect(env).not.toHaveProperty('STATE_DIR');
  });

  it('are found again by the next life of the orchestrator, and ended by it', async () => {
    await (await runtime()).spawn(spec);
    const pid = await pidOf('a_1');
    const next = await runtime();
    expect(await next.list()).toMatchObject([
      { instanceId: 'a_1', incidentId: 'inc-1', sourceIds: [2], state: 'running' },
    ]);
    expect(await next.stop('a_1')).toBe(true);
    expect(isAlive(pid)).toBe(false);
    expect(await next.list()).toEqual([]);
    expect(await next.stop('a_1')).toBe(false);
  });

  it('are found although the orchestrator died before it wrote their pid down', async () => {
    const first = await runtime();
    await first.spawn(spec);
    const pid = await pidOf('a_1');
    await eventually(async () => expect((await first.list())[0]?.state).toBe('running'));
    const registry = new ProcessRegistry(`${folder.path}/dedicated`);
    await registry.write({
      instance_id: 'a_1',
      incident_id: 'inc-1',
      source_ids: [2],
      written_at: new Date().toISOString(),
    });
    expect(await (await runtime()).list()).toMatchObject([{ instanceId: 'a_1', state: 'running' }]);
    await eventually(async () => expect((await registry.read('a_1'))?.pid).toBe(pid));
  });

  it('are not started twice under one name', async () => {
    const one = await runtime();
    await one.spawn(spec);
    const pid = await pidOf('a_1');
    await one.spawn(spec);
    expect(await pidOf('a_1')).toBe(pid);
    await expect(one.spawn({ ...spec, incidentId: 'inc-2' })).rejects.toMatchObject({ code: 'name_taken' });
  });

  it('that do not end when asked are killed', async () => {
    const one = await runtime(deaf, 300);
    await one.spawn(spec);
    const { access } = await import('node:fs/promises');
    await eventually(() => access(folder.file('env.json')));
    const pid = await pidOf('a_1');
    await one.stop('a_1');
    expect(isAlive(pid)).toBe(false);
  });

  it('that end by themselves are reported, and listed as ended', async () => {
    const one = await runtime('process.exit(4)');
    let changes = 0;
    one.watch(() => {
      changes += 1;
    });
    await one.spawn(spec);
    await eventually(async () => expect((await one.list())[0]?.state).toBe('exited'));
    expect(changes).toBeGreaterThan(0);
  });

  it('whose program is missing are refused with its path', async () => {
    const one = await runtime();
    await folder.remove();
    await expect(one.spawn(spec)).rejects.toMatchObject({
      code: 'processor_missing',
      message: expect.stringContaining('processor.mjs'),
    });
  });
});
