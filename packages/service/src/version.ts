import { createRequire } from 'node:module';

const { version: own } = createRequire(import.meta.url)('../package.json') as { version: string };

/** The version of Vigilia that runs: all workspaces have the same one (`scripts/release/versions.test.ts`). */
export const version = own;
