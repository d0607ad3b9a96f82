import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTopics } from '@vigilia/protocol';
import { version } from '@vigilia/service';
import { repoRoot, requires, type TempFolder, tempFolder, typeScriptArgs } from '@vigilia/testing';
import { extract } from 'tar';
import { type RoleBroker, startRoleBroker } from '../../../../deploy/mosquitto/testing/start-with-roles.ts';
import { type Run, run } from '../test-support/run-vigilia.ts';

const topics = createTopics();
const entry = join(repoRoot, 'apps/cli/src/main.ts');
const runVigilia = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<Run> =>
  run(process.execPath, [...typeScriptArgs, entry, ...args], { env });
/** Each one in the place where such a secret really is. */
const secrets = {
  envPassword: 'broker-3nv-secret',
  elasticKey: 'el4stic-api-key-secret',
  camera: 'c4mera-pass',
  cameraInLog: 'l0gged-camera-pass',
  token: 'station-t0ken-secret',
  clientSecret: 'oidc cl1ent "secret"',
  webhook: 'webhook-sh4red-secret',
  plainInLog: 'swordfish-without-any-name',
};
const people = ['Mrs Alonso', 'ana.ruiz', '10.20.30.40'];

/** A site with secrets and names in each place that a bundle reads. */
requires('mosquitto')('vigilia support', () => {
  let broker: RoleBroker;
  let folder: TempFolder;
  let bundle: Map<string, string>;
  let said: Run;

  const environment = async (): Promise<NodeJS.ProcessEnv> => ({
    PATH: process.env.PATH,
    // no logs of containers that run on this machine
    DOCKER_HOST: 'unix:///nowhere/docker.sock',
    MQTT_URL: broker.url('operator'),
    MQTT_USERNAME: 'operator',
    MQTT_PASSWORD: await broker.password('operator'),
    STREAM_SERVER: `rtsp://admin:${secrets.camera}@cameras:8554`,
    ELASTICSEARCH_API_KEY: secrets.elasticKey,
    OIDC_CLIENT_SECRET_FILE: folder.file('client-secret'),
  });

  async function publishSite(): Promise<void> {
    const bus = await broker.connectUnbound();
    const stream = {
      source_id: 1,
      uri: `rtsp://admin:${secrets.camera}@cam/1`,
      model_id: 'm',
      max_fps: 1,
      confidence: 0.3,
    };
    const status = {
      instance_id: 'processor-a',
      client_id: 'processor-a',
      boot_id: 'b',
      role: 'home',
      status: 'running',
      timestamp: new Date().toISOString(),
      streams: [
        {
          ...stream,
          tracking: true,
          decode: 'auto',
          state: 'blind',
          zones_configured: false,
          blind_since: new Date().toISOString(),
        },
      ],
    };
    await bus.publish(topics.status('processor-a'), status, { retain: true });
    const rooms = { 1: { home: 'processor-a', name: people[0] } };
    const desired = { rooms, updated_at: new Date().toISOString(), revision: 1 };
    await bus.publish(topics.orchestratorRooms, desired, { retain: true });
    await bus.stop();
  }

  async function writeFiles(): Promise<void> {
    await writeFile(folder.file('client-secret'), `${secrets.clientSecret}\n`);
    await writeFile(folder.file('pager'), secrets.plainInLog);
    const settings = [
      'LOG_LEVEL=debug',
      `export PAGER_SECRET="${secrets.webhook}"`,
      `MQTT_PASSWORD=${secrets.envPassword}`,
      `PAGER_TOKEN_FILE=${folder.file('pager')}`,
    ];
    await writeFile(folder.file('vigilia.env'), settings.join('\n'));
    const log = [
      {
        level: 'INFO',
        event: 'connected',
        url: `rtsp://u:${secrets.cameraInLog}@cam/1`,
        user: people[1],
        ip: people[2],
      },
      { level: 'WARN', event: 'refused', message: `Authorization: Bearer ${secrets.token}`, room_name: people[0] },
      { level: 'INFO', event: 'argument', message: `began with ${secrets.plainInLog} and ${secrets.envPassword}` },
      {
        level: 'ERROR',
        event: 'kept',
        message: `sent ${secrets.clientSecret} ${secrets.webhook} ${secrets.elasticKey}`,
      },
    ];
    const old = Array.from({ length: 50 }, (_, index) => `{"level":"INFO","event":"old_${index}"}`);
    await writeFile(folder.file('console.log'), [...old, ...log.map((line) => JSON.stringify(line))].join('\n'));
  }

  beforeAll(async () => {
    [broker, folder] = [await startRoleBroker(), await tempFolder('support')];
    await writeFiles();
    await publishSite();
    const file = folder.file('support.tar.gz');
    const flags = ['--env-file', folder.file('vigilia.env'), '--log', folder.file('console.log'), '--lines', '20'];
    said = await runVigilia(['support', file, ...flags, '--data-dir', folder.path], await environment());
    const out = await tempFolder('bundle');
    await extract({ file, cwd: out.path });
    const names = (await readdir(out.path, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    bundle = new Map(
      await Promise.all(
        names.map(
          async ({ parentPath, name }): Promise<[string, string]> => [
            name,
            await readFile(join(parentPath, name), 'utf8'),
          ],
        ),
      ),
    );
    await out.remove();
  }, 240_000);
  afterAll(async () => {
    await broker?.stop();
    await folder?.remove();
  });

  const jsonOf = (name: string) => JSON.parse(bundle.get(name) ?? 'null');
  const logOf = () => [...bundle].find(([name]) => name.endsWith('-console.log'))?.[1] ?? '';

  test('holds no secret that was planted in settings, files, addresses, statuses or logs', async () => {
    const everything = [...bundle.values()].join('\n') + said.output + said.errors;
    const planted = [...Object.values(secrets), await broker.password('operator')];
    expect(planted.filter((secret) => everything.includes(secret))).toEqual([]);
    expect(everything).not.toContain(JSON.stringify(secrets.clientSecret).slice(1, -1));
  });

  test('holds no name of a resident, no account and no address of a browser', () => {
    const everything = [...bundle.values()].join('\n');
    expect(people.filter((name) => everything.includes(name))).toEqual([]);
  });

  test('shows what helps: versions, settings, the machine, statuses and findings', () => {
    expect(said).toMatchObject({ code: 0, output: expect.stringContaining('Read it before you send it.') });
    expect(jsonOf('versions.json')).toMatchObject({ vigilia: version, node: process.versions.node });
    expect(jsonOf('settings.json')).toMatchObject({
      LOG_LEVEL: 'debug',
      MQTT_USERNAME: 'operator',
      PAGER_SECRET: '***',
      STREAM_SERVER: 'rtsp://***@cameras:8554',
    });
    const checks = jsonOf('machine.json').findings.map(({ check }: { check: string }) => check);
    expect(checks).toEqual(expect.arrayContaining(['disk', 'memory', 'clock', 'docker']));
    expect(jsonOf('statuses.json').processors).toMatchObject([
      { instance_id: 'processor-a', streams: [{ source_id: 1, state: 'blind', uri: 'rtsp://***@cam/1' }] },
    ]);
    const codes = jsonOf('findings.json').map(({ check, code }: { check: string; code: string }) => [check, code]);
    expect(codes).toEqual(
      expect.arrayContaining([
        ['room 1', 'room_blind'],
        ['orchestrator', 'orchestrator_not_acting'],
      ]),
    );
  });

  test('has the last lines of each log, with their events', () => {
    const lines = logOf().trim().split('\n');
    expect(lines).toHaveLength(20);
    expect(lines.map((line) => JSON.parse(line).event).slice(-4)).toEqual(['connected', 'refused', 'argument', 'kept']);
  });

  test('is written also when the broker cannot be reached, and states it', async () => {
    const file = folder.file('without.tar.gz');
    const { code } = await runVigilia(['support', file], { ...(await environment()), MQTT_URL: 'mqtt://127.0.0.1:9' });
    const out = await tempFolder('bundle');
    await extract({ file, cwd: out.path });
    expect(code).toBe(0);
    expect(JSON.parse(await readFile(out.file('missing.json'), 'utf8'))).toMatchObject({ site: expect.any(String) });
    await out.remove();
  }, 120_000);
});
