import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { UsageError } from '@vigilia/service';

/** A backup can be tried offline, as often as an attacker likes. */
const leastCharacters = 12;

/**
 * Reads the passphrase from a file (without the line end) or asks at the terminal, without showing what is typed. It is never an
 * argument: arguments are visible to every user of the machine.
 * @throws UsageError `passphrase_required`, `passphrase_unreadable`
 */
export async function readPassphrase(file: string | undefined): Promise<string> {
  const passphrase = file === undefined ? await ask('Passphrase: ') : await fromFile(file);
  if (passphrase !== '') return passphrase;
  throw new UsageError({
    code: 'passphrase_required',
    message: 'The passphrase is empty.',
    remedy: 'Write it into the file of --passphrase-file.',
  });
}

/**
 * Reads a passphrase for a new backup; a person at the terminal types it twice.
 * @throws UsageError `passphrase_too_short`, `passphrase_differs`, and those of `readPassphrase`
 */
export async function choosePassphrase(file: string | undefined): Promise<string> {
  const passphrase = await readPassphrase(file);
  if (passphrase.length < leastCharacters) {
    throw new UsageError({
      code: 'passphrase_too_short',
      message: `The passphrase has ${passphrase.length} characters; at least ${leastCharacters} are expected.`,
      remedy: 'Use five random words, and keep them apart from the backup.',
    });
  }
  if (file === undefined && (await ask('The same again: ')) !== passphrase) {
    throw new UsageError({ code: 'passphrase_differs', message: 'The two passphrases differ. Nothing was written.' });
  }
  return passphrase;
}

async function fromFile(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError({
      code: 'passphrase_unreadable',
      message: `--passphrase-file: ${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      remedy: 'Check the path and its permissions.',
      cause,
    });
  });
  return text.replace(/\r?\n$/, '');
}

async function ask(question: string): Promise<string> {
  if (process.stdin.isTTY !== true) {
    throw new UsageError({
      code: 'passphrase_required',
      message: 'The passphrase cannot be requested: standard input is not a terminal.',
      remedy: 'Name a file that holds it with --passphrase-file.',
    });
  }
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
