import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The child's program and what Node needs to run it: the built file beside the built host; from source (tests) the
 * TypeScript file, through the loader of `@vigilia/testing`, because Node 20 cannot read it.
 */
export function modelHostEntry(): { readonly file: string; readonly execArgv: readonly string[] } {
  const extension = extname(fileURLToPath(import.meta.url));
  const file = fileURLToPath(new URL(`./model-host-main${extension}`, import.meta.url));
  if (extension !== '.ts') return { file, execArgv: [] };
  const loader = createRequire(import.meta.url).resolve('@vigilia/testing/typescript-loader');
  return { file, execArgv: ['--conditions=@vigilia/source', '--import', loader] };
}
