import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseSettings } from '@vigilia/service';
import { repoRoot, silentLogger, tempFolder } from '@vigilia/testing';
import { ConsoleService } from '../console.ts';
import { checkAccess, consoleSpec } from '../settings.ts';

export interface RunningConsole {
  /** Where the page is. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The page as Vite builds it from the present sources, in a folder of its own. */
export async function buildPage(): Promise<{ dir: string; remove(): Promise<void> }> {
  const folder = await tempFolder('console-page');
  const config = join(repoRoot, 'apps', 'console', 'src', 'page', 'vite.config.ts');
  const vite = join(repoRoot, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', '--config', config, '--outDir', folder.path, '--logLevel', 'error'];
  await promisify(execFile)(process.execPath, args, { cwd: join(repoRoot, 'apps', 'console') });
  return { dir: folder.path, remove: folder.remove };
}

/** A console in this process on a free port. */
export async function startConsole(
  args: readonly string[],
  pageDir: string,
  logger = silentLogger(),
): Promise<RunningConsole> {
  const port = args.includes('--port') ? [] : ['--port', '0'];
  const settings = parseSettings(consoleSpec, [...port, '--page-dir', pageDir, ...args], {});
  checkAccess(settings);
  const instanceId = `console-test-${Math.random().toString(36).slice(2, 8)}`;
  const console = new ConsoleService({ settings, instanceId, logger });
  await console.start(new AbortController().signal);
  return { url: console.url, stop: () => console.stop() };
}
