import { runMain } from '@vigilia/service';
import { createProgram } from './program.ts';

await runMain(async () => {
  await createProgram().parseAsync();
});
