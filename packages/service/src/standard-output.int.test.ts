import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { eventually, repoRoot, type TempFolder, tempFolder } from '@vigilia/testing';

const packageDir = join(repoRoot, 'packages', 'service');

interface Beat {
  readonly lines: number;
  readonly dropped: number;
}

interface Flood {
  readonly child: ChildProcess;
  /** What the process reports of itself over another channel. */
  readonly beats: readonly Beat[];
  /** Begins to read its standard output; the whole text so far. */
  read(): () => string;
}

describe('a reader of the log that hangs', () => {
  let built: TempFolder;
  let folder: TempFolder;
  let flood: Flood | undefined;

  beforeAll(async () => {
    built = await tempFolder('built');
    await build(built.path);
  });
  afterAll(() => built.remove());
  beforeEach(async () => {
    folder = await tempFolder('log');
  });
  afterEach(async () => {
    flood?.child.kill('SIGKILL');
    flood = undefined;
    await folder.remove();
  });

  const start = (stdout: number | 'pipe'): ChildProcess =>
    spawn(process.execPath, [built.file('test-programs/log-flood.js')], {
      stdio: ['ignore', stdout, 'inherit', 'pipe'],
    });

  /** A pipe as between shell commands and of container engines; nothing reads it yet. */
  function withPipe(): Flood {
    const fifo = folder.file('pipe');
    execFileSync('mkfifo', [fifo]);
    const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(fifo, constants.O_WRONLY);
    const child = start(writer);
    closeSync(writer);
    return { child, beats: beatsOf(child), read: () => textOf(new Socket({ fd: reader, writable: false })) };
  }

  /** A socket as of systemd's journal and of Node.js for its children. */
  function withSocket(): Flood {
    const child = start('pipe');
    return { child, beats: beatsOf(child), read: () => textOf(child.stdout as Readable) };
  }

  test.each([
    ['pipe', withPipe],
    ['socket', withSocket],
  ])('does not stop the service (%s); once it reads again it learns how many lines are missing', async (_, begin) => {
    flood = begin();
    const { child, beats } = flood;
    await eventually(() => expect(beats.at(-1)?.lines).toBe(2_000), { timeoutMs: 30_000 });
    const after = beats.length;
    await eventually(() => expect(beats.length).toBeGreaterThan(after + 3));
    const { dropped } = beats.at(-1) as Beat;
    expect(dropped).toBeGreaterThan(500);

    const text = flood.read();
    await eventually(() => expect(text().includes('log_lines_dropped')).toBe(true), { timeoutMs: 20_000 });
    const lines = text()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const report = lines.find(({ event }) => event === 'log_lines_dropped');
    expect(report).toMatchObject({ level: 'WARN', component: 'log', count: dropped });
    expect(lines.filter(({ event }) => event === 'line')).toHaveLength(2_000 - dropped);

    child.kill('SIGTERM');
    await once(child, 'close');
    await eventually(() => expect(text().includes('service_stopped')).toBe(true));
    expect(child.exitCode).toBe(0);
  });

  test('does not keep the service from ending', async () => {
    flood = withPipe();
    const { child, beats } = flood;
    await eventually(() => expect(beats.at(-1)?.dropped).toBeGreaterThan(0), { timeoutMs: 30_000 });
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  });

  test('that is closed for good does not end the service', async () => {
    flood = withSocket();
    const { child, beats } = flood;
    child.stdout?.destroy();
    await eventually(() => expect(beats.at(-1)?.lines).toBe(2_000), { timeoutMs: 30_000 });
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
  });
});

function beatsOf(child: ChildProcess): readonly Beat[] {
  const beats: Beat[] = [];
  let rest = '';
  (child.stdio[3] as Readable).on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    beats.push(...lines.map((line) => JSON.parse(line) as Beat));
  });
  return beats;
}

function textOf(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

/** Compiles the package as `npm run build` does: with Node's loader, its thread would make standard output non-blocking. */
async function build(into: string): Promise<void> {
  await symlink(join(repoRoot, 'node_modules'), join(into, 'node_modules'));
  await writeFile(join(into, 'package.json'), '{"type":"module"}');
  const config = {
    extends: join(packageDir, 'tsconfig.build.json'),
    compilerOptions: { rootDir: packageDir, outDir: into, declaration: false, sourceMap: false },
    include: [join(packageDir, 'src'), join(packageDir, 'test-programs')],
    exclude: [join(packageDir, 'src/**/*.test.ts')],
  };
  await writeFile(join(into, 'tsconfig.json'), JSON.stringify(config));
  await promisify(execFile)(process.execPath, [join(repoRoot, 'node_modules/typescript/bin/tsc'), '-p', into]);
}
