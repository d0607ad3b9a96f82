import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { fileHash } from './file-hash.ts';

const manifestSchema = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));

/** Path below the data folder → sha256 of the file. */
export type Manifest = z.infer<typeof manifestSchema>;

/** What the evaluation reads of the data folder. */
const frozen: readonly { readonly folder: string; readonly ending: RegExp }[] = [
  { folder: 'clips/urfd', ending: /\.mp4$/ },
  { folder: 'clips/gmdcsa24', ending: /\.mp4$/ },
  { folder: 'clips/other', ending: /\.mp4$/ },
  { folder: 'labels', ending: /\.(json|csv)$/ },
  { folder: 'models', ending: /\.onnx$/ },
  { folder: 'rooms', ending: /^room-.*\.(mp4|json)$/ },
  { folder: 'rooms-hard', ending: /^(calm|hard)-.*\.(mp4|json)$/ },
];

/** Reads a manifest. Throws with a sentence for a file that is not one. */
export function readManifest(file: string): Manifest {
  const parsed = manifestSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is not a manifest: it must map each path to a sha256 in hex.`);
  return parsed.data;
}

/** Writes the hashes of all files that the evaluation reads, sorted by path. */
export function freezeData(file: string, dataFolder: string): number {
  const paths = frozen.flatMap(({ folder, ending }) =>
    readdirSync(join(dataFolder, folder))
      .filter((name) => ending.test(name))
      .map((name) => `${folder}/${name}`),
  );
  const entries = paths.sort().map((path) => [path, fileHash(join(dataFolder, path))] as const);
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
  return entries.length;
}

/**
 * Compares the data folder with the manifest. Throws an error that names every file that is missing, differs, or was not frozen:
 * figures of other data must never be published under the old name.
 */
export function checkManifest(manifest: Manifest, dataFolder: string, paths = Object.keys(manifest)): void {
  const faults = paths.flatMap((path) => {
    const expected = manifest[path];
    if (expected === undefined) return [`${path}: not in the manifest`];
    const file = join(dataFolder, path);
    if (!existsSync(file)) return [`${path}: missing`];
    const found = fileHash(file);
    return found === expected ? [] : [`${path}: sha256 is ${found}, the manifest has ${expected}`];
  });
  if (faults.length === 0) return;
  throw new Error(
    `The data in ${dataFolder} is not the data that the figures were made with:\n  ${faults.join('\n  ')}\n` +
      'Restore these files, or freeze the new data with `npm run eval:falls -- --freeze` and publish new figures.',
  );
}
