import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repoRoot } from '@vigilia/testing';

/**
 * Returns the commands that the README shows for a site in containers, without a terminal, which a test does not have: the one that
 * publishes a command, the one that reads events, and the one that shows the first password.
 * @throws Error when the README shows others
 */
export async function readmeCommands(): Promise<[publish: string, listen: string, password: string]> {
  const readme = await readFile(join(repoRoot, 'README.md'), 'utf8');
  const lines = readme
    .split('\n')
    .filter((line) => line.startsWith('docker compose exec '))
    .map((line) => line.replace(' exec ', ' exec -T '));
  const [publish, listen, password] = ['mosquitto_pub', 'mosquitto_sub', 'first-password'].map((word) =>
    lines.find((line) => line.includes(word)),
  );
  if (publish === undefined || listen === undefined || password === undefined || lines.length > 3)
    throw new Error(`The README shows other commands than this test knows: ${lines.join('; ')}`);
  return [publish, listen, password];
}

/** Runs a line in a shell in the clone and returns its output. */
export async function asCopied(line: string): Promise<string> {
  return (await promisify(execFile)('sh', ['-c', line], { cwd: repoRoot })).stdout.trim();
}

/** Runs a line that does not end by itself. */
export function listening(line: string): { text(): string; stop(): void } {
  let text = '';
  const child = spawn('sh', ['-c', `exec ${line}`], { cwd: repoRoot, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return { text: () => text, stop: () => void child.kill('SIGTERM') };
}
