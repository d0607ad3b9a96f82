import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '@vigilia/service';
import { eventually, repoRoot, type TempFolder, tempFolder } from '@vigilia/testing';

const main = join(repoRoot, 'apps/cli/dist/main.js');

/** `vigilia start` as a person starts it: in a process group of its own, so that Ctrl-C reaches all of it. */
export interface StartedHouse {
  readonly dataDir: string;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }>;
  output(): string;
  /** Waits until the output fits. @throws Error when it does not within `timeoutMs`, or when the services have ended before */
  until(fits: (output: string) => boolean, timeoutMs?: number): Promise<void>;
  /** Ctrl-C in its terminal. */
  interrupt(): void;
  /** Command lines of the processes that it started, itself included, that are alive. */
  processes(): string[];
  /** What the event sink has written, one document an entry. */
  documents(): Record<string, unknown>[];
}

const folders: TempFolder[] = [];
const children: ChildProcess[] = [];
afterAll(async () => {
  const running = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  const ended = running.map((child) => once(child, 'close'));
  for (const { pid } of running) {
    process.kill(-(pid ?? 0), 'SIGINT');
  }
  await Promise.all(ended);
  await Promise.all(folders.map((folder) => folder.remove()));
});

/** Starts the built program on free ports, its data in a folder that goes when the file's tests are over, as what still runs then. */
export async function startHouse(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<StartedHouse> {
  const folder = await tempFolder('start');
  folders.push(folder);
  const dataDir = folder.path;
  const child = spawn(
    process.execPath,
    [main, 'start', '--port', '0', '--console-port', '0', '--data-dir', dataDir, ...args],
    {
      env: { ...process.env, ...env, [mark]: dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  children.push(child);
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<Awaited<StartedHouse['ended']>>((resolve) =>
    child.once('close', (code) => resolve({ code, output, errors })),
  );
  let over = false;
  void ended.then(() => (over = true));
  return {
    dataDir,
    ended,
    output: () => output,
    until: (fits, timeoutMs = 90_000) =>
      eventually(
        () => {
          if (!fits(output) && !over) throw new Error(`the output so far: ${output}${errors}`);
        },
        { timeoutMs },
      ).then(() => {
        if (!fits(output)) throw new Error(`the services ended: ${output}${errors}`);
      }),
    interrupt: () => void process.kill(-(child.pid ?? 0), 'SIGINT'),
    processes: () => marked(dataDir),
    documents: () => readLines(join(dataDir, 'events')),
  };
}

/**
 * Inherited by all processes that are started, however deep: no other trace is in all of them. The name is one that
 * `childEnvironment` passes on.
 */
const mark = 'XDG_VIGILIA_TEST_MARK';

function marked(dataDir: string): string[] {
  const numbers = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && isAlive(Number(entry)));
  return numbers.flatMap((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return environment.includes(`${mark}=${dataDir}`) ? [command] : [];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

function readLines(folder: string): Record<string, unknown>[] {
  const text = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  const lines = text.flatMap((one) => one.split('\n')).filter((line) => line !== '');
  return lines.map((line): Record<string, unknown> => JSON.parse(line));
}
