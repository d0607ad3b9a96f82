import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repoRoot } from './repo-root.ts';

/** Node's arguments that let it run TypeScript sources without a build; forked children inherit them. */
export const typeScriptArgs: readonly string[] = [
  '--conditions=@vigilia/source',
  '--import',
  pathToFileURL(join(repoRoot, 'packages', 'testing', 'typescript-loader.mjs')).href,
];

/** A TypeScript process with what it printed so far. */
export interface TypeScriptProcess {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves when it has ended and its output is complete. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Runs a TypeScript file in a Node process of its own, as the built one would run. */
export function spawnTypeScript(
  file: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): TypeScriptProcess {
  const child = spawn(process.execPath, [...typeScriptArgs, file, ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
    child.once('error', (error) => {
      output.stderr += error.message;
      resolve({ code: null, signal: null });
    });
  });
  return { child, stdout: () => output.stdout, stderr: () => output.stderr, ended };
}
