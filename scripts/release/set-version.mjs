// Sets the version of Vigilia in every file that states it: node scripts/release/set-version.mjs 0.2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../documents/repository-files.mjs';
import { REPO } from '../setup/paths.mjs';
import { manifestFiles, mentions, readJson, version } from './versions.mjs';

const wanted = process.argv[2] ?? '';
if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/.test(wanted)) {
  process.stderr.write(`"${wanted}" is not a version. Use three numbers: node scripts/release/set-version.mjs 0.2.0\n`);
  process.exit(2);
}

const changed = new Map(mentions().map(({ file }) => [file, readText(file)]));
for (const { file, text, stated } of mentions()) {
  changed.set(
    file,
    (changed.get(file) ?? '').replaceAll(text, () => text.replace(stated, wanted)),
  );
}
for (const file of manifestFiles()) {
  changed.set(file, readText(file).replace(/"version": "[^"]*"/, `"version": "${wanted}"`));
}
const lock = readJson('package-lock.json');
lock.version = wanted;
for (const folder of manifestFiles().map((file) => file.replace(/\/?package\.json$/, ''))) {
  lock.packages[folder].version = wanted;
}
changed.set('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);

process.stdout.write(`${version()} becomes ${wanted} in ${changed.size} files.\n`);
for (const [file, content] of changed) {
  writeFileSync(join(REPO, file), content);
}
process.stdout.write('Now run "node scripts/generate-docs.mjs", and name the version in CHANGELOG.md.\n');
