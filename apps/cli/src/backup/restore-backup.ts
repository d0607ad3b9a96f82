import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChannelBus, type Clock, UsageError } from '@vigilia/service';
import {
  type BrokerMemory,
  type KeptMessage,
  parseKeptMessages,
  readBrokerMemory,
  replaceBrokerMemory,
} from './broker-memory.ts';
import { brokerName, foldersName, type Manifest } from './manifest.ts';
import type { OpenBackup } from './open-backup.ts';
import { isEmptyFolder, replaceFolders } from './replace-folders.ts';

export interface RestoreOptions {
  readonly backup: OpenBackup;
  /** Where the folders of the backup go, by name. */
  readonly folders: ReadonlyMap<string, string>;
  /** Whether a site that is not empty loses what it has. */
  readonly replace: boolean;
  readonly clock: Clock;
  /** Runs with a connection to the broker of the restored site. */
  readonly withBroker: <T>(body: (bus: ChannelBus) => Promise<T>) => Promise<T>;
}

/**
 * Gives a site the content of a backup: all of it, or, when anything fails, nothing. The services must not run.
 * @throws UsageError `folder_missing`, `unknown_folder`, `orchestrator_runs`, `site_not_empty`, `not_stored`,
 * `broker_state_unreadable`; the system's error when a folder cannot be written
 */
export async function restoreBackup(options: RestoreOptions): Promise<void> {
  const { backup, folders, withBroker, clock } = options;
  checkFolders(backup.manifest, folders);
  const contents = new Map([...folders].map(([name, target]) => [target, join(backup.folder, foldersName, name)]));
  if (!backup.manifest.broker) {
    await checkEmpty(options, []);
    await replaceFolders(contents, async () => undefined);
    return;
  }
  const content: unknown = JSON.parse(await readFile(join(backup.folder, brokerName), 'utf8'));
  const { wanted, before } = await withBroker(async (bus) => {
    const memory = await readBrokerMemory(bus, clock);
    checkStopped(memory);
    return { wanted: parseKeptMessages(content, bus.roots), before: memory.messages };
  });
  await checkEmpty(options, before);
  await replaceFolders(contents, () => storeOnBroker(options, wanted, before));
}

async function storeOnBroker(
  { withBroker, clock }: RestoreOptions,
  wanted: readonly KeptMessage[],
  before: readonly KeptMessage[],
): Promise<void> {
  await withBroker((bus) => replaceBrokerMemory(bus, wanted, before)).catch((cause: unknown) => {
    throw notStored(cause);
  });
  // a broker that speaks MQTT 3.1.1 does not report that it dropped what this user may not publish
  const stored = await withBroker((bus) => readBrokerMemory(bus, clock));
  const has = new Set(stored.messages.map((message) => JSON.stringify(message)));
  if (wanted.length === has.size && wanted.every((message) => has.has(JSON.stringify(message)))) return;
  await withBroker((bus) => replaceBrokerMemory(bus, before, stored.messages));
  throw notStored();
}

function notStored(cause?: unknown): UsageError {
  return new UsageError({
    code: 'not_stored',
    message: 'The broker did not keep the state of the site. Nothing was restored.',
    remedy: 'Stop the orchestrator, and connect with its user (--mqtt-username and MQTT_PASSWORD_FILE).',
    cause,
  });
}

function checkFolders(manifest: Manifest, folders: ReadonlyMap<string, string>): void {
  const missing = manifest.folders.filter((name) => !folders.has(name));
  if (missing.length > 0) {
    throw new UsageError({
      code: 'folder_missing',
      message: `The backup has folders for which no place was given: ${missing.join(', ')}.`,
      remedy: `Give each one: ${missing.map((name) => `--folder ${name}=PATH`).join(' ')}`,
    });
  }
  const unknown = [...folders.keys()].filter((name) => !manifest.folders.includes(name));
  if (unknown.length > 0) {
    throw new UsageError({
      code: 'unknown_folder',
      message: `The backup has no folder named ${unknown.join(', ')}.`,
      remedy: `It has: ${manifest.folders.join(', ') || 'none'}.`,
    });
  }
}

function checkStopped({ acting }: BrokerMemory): void {
  if (!acting) return;
  throw new UsageError({
    code: 'orchestrator_runs',
    message: 'The orchestrator of this site runs: it would overwrite what is restored.',
    remedy: 'Stop all services except the broker, restore, then start them.',
  });
}

async function checkEmpty({ folders, replace }: RestoreOptions, before: readonly KeptMessage[]): Promise<void> {
  if (replace) return;
  const used: string[] = before.length > 0 ? ['the broker'] : [];
  for (const folder of folders.values()) {
    if (!(await isEmptyFolder(folder))) {
      used.push(folder);
    }
  }
  if (used.length === 0) return;
  throw new UsageError({
    code: 'site_not_empty',
    message: `This site has a state already: ${used.join(', ')}. Nothing was restored.`,
    remedy: 'Restore to an empty machine, or give --replace to lose what is there.',
  });
}
