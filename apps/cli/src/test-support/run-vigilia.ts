import { type ChildProcess, execFile } from 'node:child_process';
import { join } from 'node:path';
import { repoRoot } from '@vigilia/testing';

export interface Run {
  /** -1 when a signal ended it. */
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a program to its end. @param started is given the process, for who wants to interrupt it */
export function run(
  program: string,
  args: readonly string[],
  { env = process.env, started }: { env?: NodeJS.ProcessEnv; started?: (child: ChildProcess) => void } = {},
): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(program, [...args], { env }, (error, output, errors) =>
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, output, errors }),
    );
    started?.(child);
  });
}

/** The built program. */
export const vigilia = (...args: string[]): Promise<Run> =>
  run(process.execPath, [join(repoRoot, 'apps/cli/dist/main.js'), ...args]);
