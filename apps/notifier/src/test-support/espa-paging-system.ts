import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endProcess } from '@vigilia/service';
import { espaPython, eventually } from '@vigilia/testing';

const program = fileURLToPath(new URL('./espa-paging-system.py', import.meta.url));

/** A paging system of another author (needs `requires('espa')`). */
export interface EspaPagingSystem {
  /** Settings of a target that reach it. */
  readonly line: { host: string; port: number } | { serial: { path: string } };
  /** Records of each call it took, by identifier. */
  readonly calls: readonly Readonly<Record<string, string>>[];
  stop(): Promise<void>;
}

/** Starts the paging system, over TCP on a given port or a free one. `damage`: it receives the first block with a wrong bit. */
export async function startEspaPagingSystem(
  mode: 'tcp' | 'serial',
  { damage = false, port = 0 }: { damage?: boolean; port?: number } = {},
): Promise<EspaPagingSystem> {
  const python = espaPython() ?? 'python3';
  const child = spawn(python, [program, mode, `${port}`, damage ? 'damage' : ''], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const reports = () =>
    output
      .split('\n')
      .slice(0, -1)
      .map(
        (line) => JSON.parse(line) as { event: string; port?: number; path?: string; records?: Record<string, string> },
      );
  const at = await eventually(() => {
    const found = reports().find(({ event }) => event === 'at');
    if (found === undefined) throw new Error(errors);
    return found;
  });
  const line = at.path === undefined ? { host: '127.0.0.1', port: at.port ?? 0 } : { serial: { path: at.path } };
  return {
    line,
    get calls() {
      return reports().flatMap(({ records }) => (records === undefined ? [] : [records]));
    },
    stop: async () => {
      await endProcess(child);
    },
  };
}
