// `node --conditions=@vigilia/source --import .../typescript-loader.mjs file.ts`: runs our sources without a build.
// For child processes in tests (Node 20 cannot read TypeScript); the product runs from dist.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
