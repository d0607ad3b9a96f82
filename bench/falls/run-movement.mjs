// Builds what is needed, then measures what packets reveal of movement (about a quarter of an hour): `npm run eval:movement`.
import { build } from './build.mjs';

build();
await import('./dist/movement/main.js');
