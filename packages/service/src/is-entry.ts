import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * Returns whether a module is the program that was started, and not imported by another one. Node names its program in `argv[1]`; PM2
 * starts a container of its own and names the program in `pm_exec_path`.
 *
 * @param moduleUrl `import.meta.url` of the module that asks
 */
export function isEntry(
  moduleUrl: string,
  argv: readonly string[] = process.argv,
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  return [argv[1], env.pm_exec_path].some((path) => path !== undefined && fileUrl(path) === moduleUrl);
}

function fileUrl(path: string): string | undefined {
  try {
    return pathToFileURL(realpathSync(path)).href;
  } catch {
    // Not a file: `node -e` has words of its user there.
    return undefined;
  }
}
