import { createInterface } from 'node:readline/promises';
import { UsageError } from '@vigilia/service';

/**
 * Asks a person at the terminal.
 * @throws UsageError `confirmation_required` without a terminal, `not_confirmed` for any answer but yes
 */
export async function confirm(question: string): Promise<void> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) {
    throw new UsageError({
      code: 'confirmation_required',
      message: question,
      remedy: 'There is no terminal to ask at: confirm with --yes.',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    terminal.close();
  }
  throw new UsageError({ code: 'not_confirmed', message: 'Nothing was changed.' });
}
