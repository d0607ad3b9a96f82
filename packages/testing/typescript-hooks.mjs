import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';
import { swcOptions } from './typescript-options.mjs';

/** Module loading hook of Node (https://nodejs.org/api/module.html#load): our own TypeScript passes through swc. */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts') || url.includes('/node_modules/')) return nextLoad(url, context);
  const filename = fileURLToPath(url);
  const { code } = await transform(await readFile(filename, 'utf8'), {
    ...swcOptions,
    filename,
    configFile: false,
    swcrc: false,
  });
  return { format: 'module', shortCircuit: true, source: code };
}
