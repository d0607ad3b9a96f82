import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Status } from '@vigilia/protocol';
import { endProcess, isAlive } from '@vigilia/service';
import {
  collect,
  connectBus,
  eventually,
  freePort,
  requires,
  startBroker,
  tempFolder,
  typeScriptArgs,
} from '@vigilia/testing';
import { makeSite, type TestSite, topics } from './test-support/processor-house.ts';

const entry = fileURLToPath(new URL('./main.ts', import.meta.url));

/** The process as a user meets it: what it logs, and how it ends. */
requires('ffmpeg')('vigilia processor', () => {
  let site: TestSite;
  let url: string;
  let stopBroker: () => Promise<void>;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    site = await makeSite();
    const broker = await startBroker();
    url = broker.url;
    stopBroker = () => broker.stop();
  });
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => endProcess(child)));
  });
  afterAll(async () => {
    await stopBroker();
    await site.remove();
  });

  function run(flags: string[], env: Record<string, string> = {}, program = entry) {
    const args = [...typeScriptArgs, program, ...flags];
    const options = { env: { ...process.env, ...env }, detached: true } as const;
    const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    const output = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      output.out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output.err += chunk.toString();
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    return { child, output, ended };
  }
  const onSite = (...flags: string[]): string[] => [...site.flags, '--mqtt-url', url, ...flags];

  it('runs with --streams 0 --enable-control --max-fps 0.1, and SIGTERM ends it with a last status', async () => {
    const client = await connectBus(url);
    const statuses = await collect(client, topics.status('processor'));
    const detections = await collect(client, topics.detections(0));
    const { child, output, ended } = run(onSite('--streams', '0', '--enable-control', '--max-fps', '0.1'), {
      MQTT_PASSWORD: 'hunter2',
      MQTT_USERNAME: 'u',
    });
    await detections.next(undefined, 40_000);
    const orphans = childrenOf(child);
    expect(orphans.length).toBeGreaterThan(1);
    // ffmpeg and the model host need no password of the broker: an attacker who takes them over can read what they hold.
    for (const pid of orphans) {
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toMatch(/hunter2|MQTT_PASSWORD/);
    }
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    await statuses.next(({ body }) => body?.status === 'offline');
    expect(statuses.messages.map(({ body }) => body?.status)).toEqual(
      expect.arrayContaining(['starting', 'running', 'stopping', 'offline']),
    );
    for (const line of output.out.trim().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({ logger: 'processor' });
    }
    await eventually(() => expect(orphans.filter((pid) => isAlive(pid))).toEqual([]));
    await client.stop();
  });

  it('names the SHA-256 of its model, and raises an event after a restart with another file under the same id', async () => {
    const client = await connectBus(url);
    const statuses = await collect(client, topics.status('hashed'));
    const events = await collect(client, topics.event('model_changed'));
    const sha256 = () =>
      createHash('sha256')
        .update(readFileSync(site.folder.file('hashed.onnx')))
        .digest('hex');
    const started = async (): Promise<void> => {
      const { child, ended } = run(onSite('--streams', '0', '--model', 'hashed', '--instance-id', 'hashed'));
      const models = [expect.objectContaining({ model_id: 'hashed', sha256: sha256() })];
      await eventually(() => expect(statuses.messages.at(-1)?.body).toMatchObject({ status: 'running', models }), {
        timeoutMs: 60_000,
      });
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    };
    await copyFile(site.folder.file('small.onnx'), site.folder.file('hashed.onnx'));
    const before = sha256();
    await started();
    await started();
    expect(events.messages).toEqual([]);
    await copyFile(site.folder.file('large.onnx'), site.folder.file('hashed.onnx'));
    await started();
    const hashes = { model_id: 'hashed', model_sha256: sha256(), previous_sha256: before };
    expect(events.messages.map(({ body }) => body)).toEqual([expect.objectContaining(hashes)]);
    await client.stop();
  });

  it('a SIGTERM that reaches its model host too, as a supervisor sends it, is an orderly end and no error', async () => {
    const client = await connectBus(url);
    const detections = await collect(client, topics.detections(0));
    const { child, output, ended } = run(onSite('--streams', '0', '--max-fps', '2'));
    await detections.next(undefined, 40_000);
    process.kill(-(child.pid ?? Number.NaN), 'SIGTERM');
    expect(await ended).toBe(0);
    expect(output.out).toContain('"event":"service_stopped"');
    expect(output.out).not.toMatch(/model_host_lost|"level":"(ERROR|FATAL)"/);
    await client.stop();
  });

  it('runs under PM2, which starts a program of its own and imports the file', async () => {
    await using folder = await tempFolder('pm2');
    const container = folder.file('ProcessContainerFork.mjs');
    await writeFile(
      container,
      `import { pathToFileURL } from 'node:url'; await import(pathToFileURL(process.env.pm_exec_path).href);`,
    );
    const { output, ended } = run(['--max-fps', '45'], { pm_exec_path: entry }, container);
    expect(await ended).toBe(2);
    expect(output.err).toContain('--max-fps');
  });

  it('kill -9: the broker publishes offline, and no ffmpeg or model host is left after 15 s', async () => {
    const client = await connectBus(url);
    const statuses = await collect(client, topics.status('doomed'));
    const detections = await collect(client, topics.detections(1));
    const { child } = run(onSite('--streams', '1', '--max-fps', '2', '--instance-id', 'doomed'));
    await detections.next(undefined, 40_000);
    const orphans = childrenOf(child);
    child.kill('SIGKILL');
    await statuses.next(({ body }) => body?.status === 'offline');
    await eventually(() => expect(orphans.filter((pid) => isAlive(pid))).toEqual([]), { timeoutMs: 15_000 });
    await client.stop();
  });

  it.each([
    ['bad flags, all of them', ['--max-fps', '99', '--streams', 'a', '--sing'], ['--max-fps', '--streams', '--sing']],
    ['a bad variable', [], ['DECODE']],
    ['a model that is missing: which ones there are', ['--model', 'none'], ['none', 'small', '--model']],
    ['a stream server of another kind', ['--stream-server', 'ftp://x'], ['--stream-server']],
    ['a file outside the media folder', ['--stream-server', 'file:///etc/passwd'], ['--stream-server', 'MEDIA_DIR']],
    ['input arguments that are not allowed', ['--input-args', '-f lavfi'], ['--input-args', '-f']],
  ])('%s: one sentence and exit code 2', async (what, flags, words) => {
    const env: Record<string, string> = what === 'a bad variable' ? { DECODE: 'sideways' } : {};
    const { output, ended } = run(onSite(...flags), env);
    expect(await ended).toBe(2);
    for (const word of words) {
      expect(output.err).toContain(word);
    }
    expect(output.err).not.toMatch(/\n\s+at /);
    expect(output.err.trim().split('\n')).toHaveLength(1);
  });

  it('a model that cannot be used: why, and exit code 2', async () => {
    const { output, ended } = run(onSite('--model', 'nan', '--streams', '0'));
    expect(await ended).toBe(2);
    expect(output.err).toContain('Model nan');
  });

  it('a broker that is not there: logs it and waits for it; ready when it has come', async () => {
    const [port, healthPort] = [await freePort(), await freePort()];
    const flags = ['--mqtt-url', `mqtt://127.0.0.1:${port}`, '--streams', '0', '--health-port', String(healthPort)];
    const { output } = run([...site.flags, ...flags]);
    await eventually(() => expect(output.out).toContain(`127.0.0.1:${port}`));
    expect((await fetch(`http://127.0.0.1:${healthPort}/readyz`)).status).toBe(503);
    expect((await fetch(`http://127.0.0.1:${healthPort}/healthz`)).status).toBe(200);
    const broker = await startBroker({ port });
    try {
      await eventually(async () => {
        const ready = await fetch(`http://127.0.0.1:${healthPort}/readyz`);
        expect(await ready.json()).toMatchObject({ ok: true, status: 'running', rooms: 1 });
      });
      const metrics = await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();
      expect(metrics).toMatch(/vigilia_room_unwatched_seconds_total\{source_id="0"/);
      expect(metrics).toContain('vigilia_room_blind_seconds_total');
    } finally {
      await broker.stop();
    }
  });

  it('a camera that does not answer: runs with a blind room, and logs why, without its password', async () => {
    const client = await connectBus(url);
    const statuses = await collect(client, topics.status('blind'));
    const events = await collect(client, topics.event('room_blind'));
    const server = 'rtsp://admin:hunter2@127.0.0.1:1';
    const { output } = run(
      onSite('--stream-server', server, '--streams', '6', '--instance-id', 'blind', '--enable-control'),
    );
    await statuses.next(({ body }) => body?.status === 'running');
    const blind = await events.next(({ body }) => body?.source_id === 6);
    expect(blind.body).toMatchObject({ instance_id: 'blind', severity: expect.any(String) });
    await client.publish(topics.commands, { command: 'status', target_instances: ['blind'] });
    const status = await statuses.next(({ body }) => body?.health === 'failing');
    expect(status.body?.streams).toMatchObject([{ source_id: 6, state: 'blind', uri: 'rtsp://***@127.0.0.1:1/6' }]);
    const said = output.out + JSON.stringify([...statuses.messages, ...events.messages].map(({ body }) => body));
    expect(said).not.toContain('hunter2');
    await client.stop();
  });

  it('kill -9 while it writes its state: the next start has what was accepted', async () => {
    const flags = onSite(
      '--streams',
      '0',
      '--enable-control',
      ...['--instance-id', 'crash', '--max-fps', '5'],
      '--state-dir',
      site.folder.file('crash'),
    );
    const client = await connectBus(url);
    const statuses = await collect(client, topics.status('crash'));
    const acks = await collect(client, topics.ack('crash'));
    const isDone = (ack: (typeof acks.messages)[number]): boolean => ack.body?.ack_status === 'completed';
    /** What the next start may have: what was there before, or any of what was sent since. */
    let possible: unknown[] = [];
    for (let life = 0; life < 4; life++) {
      const { child, output } = run(flags);
      const started = await statuses.next(({ body }) => body?.status === 'running');
      expect(output.out).not.toContain('state_corrupt');
      const { confidence } = (started.body as unknown as Status).config ?? {};
      if (life > 0) {
        expect(possible).toContain(confidence);
      }
      if (life > 1) {
        expect(started.body).toMatchObject({ config_source: 'state' });
      }
      const sent = Array.from({ length: 20 }, (_, n) => (life * 20 + n + 1) / 100);
      const before = acks.messages.filter(isDone).length;
      for (const next of sent) {
        const target_instances = ['crash'];
        void client.publish(topics.commands, {
          command: 'set_confidence',
          params: { confidence: next },
          target_instances,
        });
      }
      await statuses.next(({ body }) => body?.status === 'reconfiguring');
      await eventually(() => expect(acks.messages.filter(isDone).length - before).toBeGreaterThanOrEqual(life));
      child.kill('SIGKILL');
      await statuses.next(({ body }) => body?.status === 'offline');
      // of what was acknowledged nothing may be lost; what was being written may be there or not
      possible = [confidence, ...sent].slice(acks.messages.filter(isDone).length - before);
    }
    await client.stop();
  });
});

function childrenOf(child: ChildProcess): number[] {
  const text = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}
