import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseSettings, ServiceScope } from '@vigilia/service';
import { repoRoot, silentLogger, tempFolder } from '@vigilia/testing';
import { startConsole as startConsoleIn } from '../console.ts';
import { consoleSpec } from '../settings.ts';

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
  env: NodeJS.ProcessEnv = {},
): Promise<RunningConsole> {
  const port = args.includes('--port') ? [] : ['--port', '0'];
  const settings = parseSettings(consoleSpec, [...port, '--page-dir', pageDir, ...args], env);
  const scope = new ServiceScope({ name: 'console', settings, env: {}, logger });
  try {
    return { url: await startConsoleIn(scope), stop: () => scope.stop() };
  } catch (error) {
    await scope.stop();
    throw error;
  }
}
