import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Loading the modules alone opens more than a hundred files at once, and every camera and connection takes a few more. */
const leastOpenFiles = 256;

/**
 * Runs a program's main file after a look at what it cannot start without. This module imports nothing but Node's own modules, because
 * with too few open files the others cannot be loaded, and their failure would be a stack trace.
 */
export async function launch(main: URL, limits: string | undefined = ownLimits()): Promise<void> {
  const allowed = openFilesOf(limits ?? '');
  if (allowed !== undefined && allowed < leastOpenFiles) {
    process.stderr.write(
      `Only ${allowed} open files are allowed, and ${leastOpenFiles} are needed. Raise the limit: "ulimit -n 1024", LimitNOFILE= in a systemd unit, or --ulimit nofile=1024 for a container.\n`,
    );
    process.exit(2);
  }
  process.argv[1] = fileURLToPath(main);
  await import(main.href);
}

/** Returns the soft limit of open files of `/proc/self/limits` (proc(5)); undefined when there is none or the text is another. */
function openFilesOf(limits: string): number | undefined {
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? undefined : Number(soft);
}

function ownLimits(): string | undefined {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return undefined;
  }
}
