import { symlink, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { tempFolder } from '@vigilia/testing';
import { isEntry } from './is-entry.ts';

describe('whether a service was started or imported', () => {
  it('is started by its file, by a link to it, and by PM2, which has a program of its own in argv', async () => {
    await using folder = await tempFolder('entry');
    const [file, link, other] = [
      folder.file('main.js'),
      folder.file('link.js'),
      folder.file('ProcessContainerFork.js'),
    ];
    for (const path of [file, other]) {
      await writeFile(path, '');
    }
    await symlink(file, link);
    const url = pathToFileURL(file).href;
    expect(isEntry(url, ['node', file], {})).toBe(true);
    expect(isEntry(url, ['node', link], {})).toBe(true);
    expect(isEntry(url, ['node', other], { pm_exec_path: file })).toBe(true);
    expect(isEntry(url, ['node', other], {})).toBe(false);
    expect(isEntry(url, ['node', other], { pm_exec_path: other })).toBe(false);
    expect(isEntry(url, ['node', 'a word after -e'], {})).toBe(false);
    expect(isEntry(url, ['node'], {})).toBe(false);
  });
});
