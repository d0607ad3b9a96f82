// Builds what is needed, then evaluates: `npm run eval:falls`.
import { build } from './build.mjs';

build();
await import('./dist/main.js');
