/**
 * `node scripts/documents/check-english.mjs`: finds words that docs/writing.md advises against, in everything that people read.
 * A file may have as many as the baseline allows, so that the number only shrinks. `--update` writes the baseline anew when there
 * are fewer; `--list PATH` shows all finds below a path.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO } from '../setup/paths.mjs';
import { compare, ENGLISH_BASELINE, findsIn, readBaseline, total } from './english-finds.mjs';
import { textFiles } from './repository-files.mjs';

const [mode, path = ''] = process.argv.slice(2);
const finds = new Map(textFiles().map((file) => [file, findsIn(file)]));
const counts = Object.fromEntries(
  [...finds].filter(([, found]) => found.length > 0).map(([file, found]) => [file, found.length]),
);
const baseline = readBaseline();

if (mode === '--list') {
  for (const [file, found] of finds) {
    if (file.startsWith(path)) {
      print(found);
    }
  }
} else if (mode === '--update' && total(counts) <= total(baseline)) {
  writeFileSync(join(REPO, ENGLISH_BASELINE), `${JSON.stringify(counts, undefined, 2)}\n`);
} else {
  const { more, fewer } = compare(counts, baseline);
  for (const file of more) {
    process.stderr.write(
      `${file} has ${counts[file]} of these words, at most ${baseline[file] ?? 0} are allowed (docs/writing.md):\n`,
    );
    print(finds.get(file) ?? []);
  }
  if (mode === '--update') {
    process.stderr.write('There are more of these words than before: correct the texts, the baseline only shrinks.\n');
  } else if (fewer.length > 0) {
    process.stderr.write(
      `Fewer words than the baseline has: ${fewer.join(', ')}. Run node scripts/documents/check-english.mjs --update.\n`,
    );
  }
  process.exitCode = more.length + fewer.length > 0 ? 1 : 0;
}

/** @param {readonly import('./english-finds.mjs').Find[]} found */
function print(found) {
  for (const { file, line, word, instead, text } of found) {
    process.stdout.write(`${file}:${line}: "${word}" → ${instead} | ${text}\n`);
  }
}
