import { withoutUndefined } from '@vigilia/protocol';
import { ExitRequest, redactDeep, runMain, UsageError } from '@vigilia/service';
import { createProgram } from './program.ts';

await runMain(async () => {
  try {
    await createProgram().parseAsync();
  } catch (error) {
    if (process.argv.includes('--json')) {
      tellAsJson(error);
    }
    throw error;
  }
});

/** With `--json` a refusal can be read by a machine too: `{"error": {code, message, remedy?}}` on standard output. */
function tellAsJson(error: unknown): void {
  const refusal =
    error instanceof UsageError
      ? withoutUndefined({ code: error.code, message: error.message, remedy: error.remedy })
      : error instanceof ExitRequest && error.exitCode !== 0
        ? { code: 'invalid_settings', message: error.message }
        : undefined;
  if (refusal !== undefined) {
    process.stdout.write(`${JSON.stringify(redactDeep({ error: refusal }))}\n`);
  }
}
