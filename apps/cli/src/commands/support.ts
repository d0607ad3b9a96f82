import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '@vigilia/service';
import type { Command } from 'commander';
import { type ConnectionFlags, connectionOf, withConnection } from '../client/connection-options.ts';
import { withProgress } from '../client/progress.ts';
import { siteHealth } from '../health/site-health.ts';
import { type HeardSite, watchSite } from '../health/watch-site.ts';
import { printLine, withBus } from './with-bus.ts';

interface SupportFlags extends ConnectionFlags {
  readonly envFile: readonly string[];
  readonly log: readonly string[];
  readonly lines: string;
  readonly dataDir: string;
}

const mostLines = 100_000;

/** `support`: what helps others to find a fault, in one file without secrets. */
export function addSupport(program: Command): void {
  const repeated = (value: string, before: readonly string[]): readonly string[] => [...before, value];
  withConnection(program.command('support'))
    .argument('<file>', 'file to write (.tar.gz); it must not exist')
    .description('Write a diagnostic bundle without secrets and names')
    .option('--env-file <file>', 'settings of services, NAME=value lines; may be repeated', repeated, [])
    .option('--log <path>', 'log file, or folder of *.log files; may be repeated', repeated, [])
    .option('--lines <n>', 'last lines of each log', '1000')
    .option('--data-dir <folder>', 'folder whose disk is checked', '.')
    .addHelpText(
      'after',
      `
Logs of containers are added where a Docker engine answers. Read the files before you send the bundle.

Examples:
  vigilia support support.tar.gz
  vigilia support support.tar.gz --env-file /etc/vigilia/vigilia.env --log ~/.pm2/logs`,
    )
    .action(writeSupport);
}

async function writeSupport(file: string, flags: SupportFlags): Promise<void> {
  if (existsSync(file)) {
    throw new UsageError({ code: 'file_exists', message: `${file} exists already.`, remedy: 'Name another file.' });
  }
  const lines = Number(flags.lines);
  if (!Number.isInteger(lines) || lines < 1 || lines > mostLines) {
    const message = `--lines must be a whole number from 1 to ${mostLines} (got ${flags.lines}).`;
    throw new UsageError({ code: 'invalid_lines', message, remedy: 'Use for example --lines 1000.' });
  }
  const { collectSupport } = await import('../support/collect-support.ts');
  const { writeBundle } = await import('../support/write-bundle.ts');
  const texts = await withProgress('collecting', async () =>
    collectSupport({
      env: process.env,
      envFiles: flags.envFile,
      logs: flags.log,
      lines,
      dataDir: flags.dataDir,
      broker: connectionOf(flags, process.env),
      site: await heardSite(flags),
    }),
  );
  await writeBundle(resolve(file), texts);
  const names = [...texts.keys()];
  const text = `${file} was written: ${names.join(', ')}. Read it before you send it.`;
  printLine(flags, text, { file, files: names });
}

/** The bundle is written also when the site cannot be heard: that is when one is needed. */
function heardSite(flags: ConnectionFlags): Promise<HeardSite | Error> {
  return withBus(flags, (bus, clock) =>
    watchSite(bus, clock, (house, nowMs) => siteHealth(house, nowMs).isComplete),
  ).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}
