import { randomBytes } from 'node:crypto';
import { chown, cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of restores that were killed start with this. */
const workName = '.vigilia-restore-';

/** Returns whether a folder is missing or has no content. A folder of a restore that was killed is content. */
export async function isEmptyFolder(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [])).length === 0;
}

/** One folder of a site that is to get another content. */
interface Replacement {
  readonly target: string;
  /** Where old and new content is kept; on the disk of the target, so that it is moved by renaming. */
  readonly work: string;
  /** Entries that were moved so far, for the way back. */
  readonly removed: string[];
  readonly added: string[];
}

/**
 * Gives folders another content, all of them or none: `within` runs when everything is in place, and when it fails, or a folder
 * cannot be replaced, all folders get their old content back. The folders themselves stay, as they may be mount points.
 * @param contents new content by target folder
 * @throws the system's error, or what `within` throws
 */
export async function replaceFolders(
  contents: ReadonlyMap<string, string>,
  within: () => Promise<void>,
): Promise<void> {
  const replacements: Replacement[] = [];
  try {
    for (const [target, content] of contents) {
      const replacement = await newReplacement(target);
      replacements.push(replacement);
      await copyContent(content, replacement);
    }
    for (const replacement of replacements) {
      await exchange(replacement);
    }
    await within();
  } catch (error) {
    for (const replacement of replacements) {
      await takeBack(replacement);
    }
    throw error;
  }
  for (const { work } of replacements) {
    await rm(work, { recursive: true, force: true });
  }
}

async function newReplacement(target: string): Promise<Replacement> {
  await mkdir(target, { recursive: true, mode: 0o700 });
  const work = join(target, `${workName}${randomBytes(4).toString('hex')}`);
  return { target, work, removed: [], added: [] };
}

async function copyContent(content: string, { target, work }: Replacement): Promise<void> {
  const fresh = join(work, 'new');
  await mkdir(join(work, 'old'), { recursive: true, mode: 0o700 });
  await cp(content, fresh, { recursive: true });
  const { uid, gid } = await stat(target);
  if (process.getuid?.() === 0) {
    await giveTo(fresh, uid, gid);
  }
}

/** Files belong to the owner of the folder, who is the user of its service. */
async function giveTo(folder: string, uid: number, gid: number): Promise<void> {
  await chown(folder, uid, gid);
  for (const { parentPath, name } of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await chown(join(parentPath, name), uid, gid);
  }
}

async function exchange({ target, work, removed, added }: Replacement): Promise<void> {
  for (const name of await readdir(target)) {
    if (join(target, name) !== work) {
      await rename(join(target, name), join(work, 'old', name));
      removed.push(name);
    }
  }
  for (const name of await readdir(join(work, 'new'))) {
    await rename(join(work, 'new', name), join(target, name));
    added.push(name);
  }
}

async function takeBack({ target, work, removed, added }: Replacement): Promise<void> {
  for (const name of added) {
    await rm(join(target, name), { recursive: true, force: true });
  }
  for (const name of removed) {
    await rename(join(work, 'old', name), join(target, name));
  }
  await rm(work, { recursive: true, force: true });
}
