#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (!existsSync(main)) {
  process.stderr.write('vigilia: not built yet. Run "npm run setup" in the clone first ("npm start" does it too).\n');
  process.exit(2);
}
const { launch } = await import('@vigilia/service/launch');
await launch(main);
