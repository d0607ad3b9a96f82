import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repoRoot } from '@vigilia/testing';

/**
 * The commands that the README shows for a house in containers: what publishes a command, what listens to events, and what shows
 * the first password. Without a terminal, which a test does not have.
 * @throws Error when the README shows others
 */
export async function readmeCommands(): Promise<[publish: string, listen: string, password: string]> {
  const readme = await readFile(join(repoRoot, 'README.md'), 'utf8');
  const lines = readme.split('\n').filter((line) => line.startsWith('docker compose exec '));
  const [publish, listen, password, ...more] = lines.map((line) => line.replace(' exec ', ' exec -T '));
  if (publish === undefined || listen === undefined || password === undefined || more.length > 0)
    throw new Error(`The README shows other commands than this test knows: ${lines.join('; ')}`);
  return [publish, listen, password];
}

/** Runs a line in a shell in the clone; gives back what it printed. */
export async function asCopied(line: string): Promise<string> {
  return (await promisify(execFile)('sh', ['-c', line], { cwd: repoRoot })).stdout.trim();
}

/** Runs a line that goes on for ever. */
export function listening(line: string): { text(): string; stop(): void } {
  let text = '';
  const child = spawn('sh', ['-c', `exec ${line}`], { cwd: repoRoot, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return { text: () => text, stop: () => void child.kill('SIGTERM') };
}
