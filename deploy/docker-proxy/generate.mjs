// Writes create-body.regex from the orchestrator's container template: `npm run build && node deploy/docker-proxy/generate.mjs`.
import { writeFileSync } from 'node:fs';
import { bodyPattern } from './body-pattern.mjs';

const template = await import('../../apps/orchestrator/dist/runtime/container-template.js');
writeFileSync(new URL('create-body.regex', import.meta.url), `${bodyPattern(template)}\n`);
