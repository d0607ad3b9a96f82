import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError, version } from '@vigilia/service';
import { writeArchive } from './archive.ts';
import type { BrokerMemory } from './broker-memory.ts';
import { copyFolder } from './copy-folder.ts';
import {
  type BackupFile,
  backupFormatVersion,
  brokerName,
  foldersName,
  type Manifest,
  manifestName,
} from './manifest.ts';
import { openBackup } from './open-backup.ts';

export interface BackupOptions {
  readonly file: string;
  readonly passphrase: string;
  /** Folders of services by name. */
  readonly folders: ReadonlyMap<string, string>;
  /** undefined: without the state on the broker. */
  readonly memory: BrokerMemory | undefined;
  /** Of the machine, epoch ms. */
  readonly nowMs: number;
}

/**
 * Writes a backup of a site, then reads it again as a restore would. Returns what is in it.
 * @throws UsageError `nothing_to_back_up`, and those of `copyFolder` and `openBackup`
 */
export async function createBackup(options: BackupOptions): Promise<Manifest> {
  const { file, passphrase, folders, memory } = options;
  checkContent(options);
  const staging = await mkdtemp(join(tmpdir(), 'vigilia-backup-'));
  try {
    const files: BackupFile[] = [];
    if (memory !== undefined) {
      const text = JSON.stringify(memory.messages, undefined, 1);
      await writeFile(join(staging, brokerName), text, { mode: 0o600 });
      files.push({ path: brokerName, bytes: Buffer.byteLength(text), sha256: sha256(text) });
    }
    for (const [name, folder] of folders) {
      const inner = `${foldersName}/${name}`;
      await mkdir(join(staging, inner), { recursive: true, mode: 0o700 });
      const copied = await copyFolder(folder, join(staging, inner));
      files.push(...copied.map((one) => ({ ...one, path: `${inner}/${one.path}` })));
    }
    const manifest: Manifest = {
      format: 'vigilia-backup',
      format_version: backupFormatVersion,
      vigilia_version: version,
      created_at: new Date(options.nowMs).toISOString(),
      broker: memory !== undefined,
      folders: [...folders.keys()],
      files,
    };
    await writeFile(join(staging, manifestName), JSON.stringify(manifest, undefined, 1), { mode: 0o600 });
    await writeArchive(staging, file, passphrase);
    await using _ = await openBackup(file, passphrase);
    return manifest;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function checkContent({ folders, memory }: BackupOptions): void {
  if (memory === undefined && folders.size === 0) {
    throw new UsageError({
      code: 'nothing_to_back_up',
      message: 'A backup without the broker needs at least one folder.',
      remedy: 'Name folders with --folder, or leave out --no-broker.',
    });
  }
  if (memory !== undefined && !memory.messages.some(({ channel }) => channel === 'orchestratorRooms')) {
    throw new UsageError({
      code: 'nothing_to_back_up',
      message: 'The broker has no desired state, or this user may not read it.',
      remedy: 'Connect as the orchestrator (--mqtt-username and MQTT_PASSWORD_FILE), or use --no-broker.',
    });
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
