import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readText, textFiles } from '../documents/repository-files.mjs';
import { REPO } from '../setup/paths.mjs';

/** Where text states the version: tags of images, the default of `VIGILIA_VERSION`, the citation. The version is the first group. */
const MENTIONS = [
  /\bvigilia-(?:processor|orchestrator|event-sink|console|notifier|cli|secrets|model-export):(\d[\w.+-]*\w)/g,
  /\bVIGILIA_VERSION(?::-|=)(\d[\w.+-]*\w)/g,
  /^version: (\d[\w.+-]*\w)$/gm,
];

/** The version of this clone: that of the root's package.json, which all others follow. */
export function version() {
  return String(readJson('package.json').version);
}

/** The package.json files of the root and all workspaces, as paths in the repository. */
export function manifestFiles() {
  const workspaces = ['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(REPO, folder)).map((name) => `${folder}/${name}`),
  );
  return ['package.json', ...workspaces.map((folder) => `${folder}/package.json`)];
}

/**
 * Finds every place that states the version outside of package.json files and the lock file.
 * @returns {{ file: string, text: string, stated: string }[]}
 */
export function mentions() {
  return [...textFiles(), '.env.example', 'CITATION.cff'].flatMap((file) => {
    const content = readText(file);
    return MENTIONS.flatMap((pattern) =>
      [...content.matchAll(pattern)].map(([text, stated = '']) => ({ file, text, stated })),
    );
  });
}

/** @param {string} file in the repository */
export function readJson(file) {
  return JSON.parse(readText(file));
}
