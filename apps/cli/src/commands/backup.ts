import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock, UsageError } from '@vigilia/service';
import type { Command } from 'commander';
import { readBrokerMemory } from '../backup/broker-memory.ts';
import { folderNamePattern, type Manifest } from '../backup/manifest.ts';
import { choosePassphrase, readPassphrase } from '../backup/passphrase.ts';
import { type ConnectionFlags, withConnection } from '../client/connection-options.ts';
import { withProgress } from '../client/progress.ts';
import { printLine, withBus } from './with-bus.ts';

interface BackupFlags extends ConnectionFlags {
  readonly folder: ReadonlyMap<string, string>;
  readonly passphraseFile?: string;
}

/** `backup` and `restore`: a whole site as one encrypted file. */
export function addBackup(program: Command): void {
  withBackupFlags(program.command('backup'))
    .argument('<file>', 'file to write; it must not exist')
    .description('Write the state of the site to one encrypted file')
    .option('--no-broker', 'only folders, for the other machines of a site')
    .addHelpText(
      'after',
      `
Connect as the orchestrator, whose state it is.

Example:
  vigilia backup site.age --passphrase-file passphrase --mqtt-username orchestrator \\
    --folder console=/var/lib/vigilia/console --folder reports=/var/lib/vigilia/event-sink/reports`,
    )
    .action(backUp);
  withBackupFlags(program.command('restore'))
    .argument('<file>', 'file of "vigilia backup"')
    .description('Restore a site from such a file; its services must not run')
    .option('--check', 'only verify the file, and show what is in it')
    .option('--replace', 'also where the site has a state already, which is lost')
    .addHelpText(
      'after',
      `
Examples:
  vigilia restore site.age --check
  vigilia restore site.age --mqtt-username orchestrator --folder console=/var/lib/vigilia/console`,
    )
    .action(restore);
}

function withBackupFlags(command: Command): Command {
  return withConnection(command)
    .option('--folder <name=path>', 'folder of a service; may be repeated', readFolder, new Map<string, string>())
    .option('--passphrase-file <file>', 'file with the passphrase; without it you are asked');
}

async function backUp(file: string, flags: BackupFlags & { readonly broker: boolean }): Promise<void> {
  if (existsSync(file)) {
    throw new UsageError({
      code: 'file_exists',
      message: `${file} exists already. Nothing was written.`,
      remedy: 'Give each backup a name of its own, such as the date.',
    });
  }
  const passphrase = await choosePassphrase(flags.passphraseFile);
  const { createBackup } = await import('../backup/create-backup.ts');
  const manifest = await withProgress('making the backup', async () => {
    const memory = flags.broker ? await withBus(flags, readBrokerMemory) : undefined;
    return createBackup({ file: resolve(file), passphrase, folders: flags.folder, memory, nowMs: systemClock.now() });
  });
  printLine(flags, `${file} was written and verified: ${describe(manifest)}.`, summary(manifest));
}

async function restore(
  file: string,
  flags: BackupFlags & { readonly check?: boolean; readonly replace?: boolean },
): Promise<void> {
  const passphrase = await readPassphrase(flags.passphraseFile);
  const { openBackup } = await import('../backup/open-backup.ts');
  await using backup = await withProgress('verifying the backup', () => openBackup(file, passphrase));
  const { manifest } = backup;
  if (flags.check === true) {
    printLine(flags, `${file} is intact: ${describe(manifest)}.`, summary(manifest));
    return;
  }
  const { restoreBackup } = await import('../backup/restore-backup.ts');
  await withProgress('restoring', () =>
    restoreBackup({
      backup,
      folders: flags.folder,
      replace: flags.replace === true,
      clock: systemClock,
      withBroker: (body) => withBus(flags, body),
    }),
  );
  printLine(flags, `Restored ${describe(manifest)}. Start the services now.`, summary(manifest));
}

function describe({ vigilia_version: version, created_at: at, broker, folders, files }: Manifest): string {
  const parts = [...(broker ? ['the state on the broker'] : []), ...folders];
  return `${parts.join(', ')} (${files.length} files, Vigilia ${version}, ${at})`;
}

function summary({ files, ...manifest }: Manifest): object {
  return { ...manifest, files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function readFolder(value: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, name = '', path = ''] = /^([^=]*)=(.+)$/.exec(value) ?? [];
  if (folderNamePattern.test(name) && path !== '' && !before.has(name)) {
    return new Map([...before, [name, resolve(path)]]);
  }
  throw new UsageError({
    code: 'invalid_settings',
    message: `--folder: ${value} is not a name and a path, or the name is used twice.`,
    remedy: 'Write it as console=/var/lib/vigilia/console: a name of your choice, lower case, and the folder.',
  });
}
