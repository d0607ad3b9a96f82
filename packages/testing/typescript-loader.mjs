// `node --conditions=@vigilia/source --import .../typescript-loader.mjs file.ts`: runs our sources without a build. For child
// processes of tests and for benchmarks, because Node.js 20 cannot read TypeScript; the product runs from dist.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
