import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

export interface CollectedLog {
  readonly name: string;
  readonly lines: readonly string[];
}

const run = promisify(execFile);
const engine = { timeout: 20_000, maxBuffer: 64 * 1024 * 1024 };

/** Returns the last lines of each file; a folder stands for its `*.log` files. @throws the system's error */
export async function fileLogs(paths: readonly string[], count: number): Promise<CollectedLog[]> {
  const files = await Promise.all(
    paths.map(async (path) => {
      if (!(await stat(path)).isDirectory()) return [path];
      return (await readdir(path)).filter((name) => name.endsWith('.log')).map((name) => join(path, name));
    }),
  );
  return Promise.all(
    files.flat().map(async (file) => ({ name: basename(file), lines: lastLines(await readFile(file, 'utf8'), count) })),
  );
}

/** Returns the last lines of each container of Vigilia; undefined where no engine answers. */
export async function containerLogs(count: number): Promise<CollectedLog[] | undefined> {
  try {
    const { stdout } = await run(
      'docker',
      ['ps', '--all', '--filter', 'label=io.vigilia.logs=true', '--format', '{{.Names}}'],
      engine,
    );
    const names = stdout.split('\n').filter((name) => name !== '');
    return await Promise.all(
      names.map(async (name) => {
        const log = await run('docker', ['logs', '--tail', String(count), name], engine);
        return { name: `${name}.log`, lines: lastLines(log.stdout + log.stderr, count) };
      }),
    );
  } catch {
    return undefined;
  }
}

function lastLines(text: string, count: number): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .slice(-count);
}
