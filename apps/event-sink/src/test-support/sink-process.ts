import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endProcess } from '@vigilia/service';
import { eventually } from '@vigilia/testing';

const ENTRY = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface SinkProcess {
  readonly child: ChildProcess;
  /** Lines of its log that name an event. */
  events(): string[];
  /** Everything it printed, both streams. */
  output(): string;
  /** Resolves when it has logged this event. */
  until(event: string): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<number | null>;
}

/** Starts the built sink as a process of its own; `events` of its log show its progress. */
export function startSink(args: readonly string[], env: Readonly<Record<string, string>> = {}): SinkProcess {
  if (!existsSync(ENTRY)) throw new Error('The sink is not built: npm run build.');
  const child = spawn(process.execPath, [ENTRY, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const events = () => [...text.matchAll(/"event":"([a-z_]+)"/g)].map(([, event]) => event ?? '');
  return {
    child,
    events,
    output: () => text,
    until: (event) =>
      eventually(
        () => {
          if (!events().includes(event)) throw new Error(text.slice(-2000));
        },
        { timeoutMs: 60_000, message: `the sink’s event ${event}` },
      ),
    kill: async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) {
        await new Promise((resolve) => child.once('exit', resolve));
      }
    },
    stop: async () => (await endProcess(child, { graceMs: 20_000 })).code,
  };
}

/** The documents of every NDJSON file of a folder. */
export async function readDocuments(
  dir: string,
): Promise<{ event: { id: string; action?: string; original?: string }; vigilia?: Record<string, unknown> }[]> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith('.ndjson')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(dir, name), 'utf8')));
  return texts
    .flatMap((text) => text.split('\n').filter((line) => line.endsWith('}')))
    .map((line) => JSON.parse(line) as never);
}
