// Writes the expressions for the bodies that create, from the orchestrator's templates:
// npm run build && node deploy/docker-proxy/generate.mjs
import { writeFileSync } from 'node:fs';
import { bodyPattern } from './body-pattern.mjs';

const templates = '../../apps/orchestrator/dist/runtime';
const { containerBody, dockerFieldPatterns } = await import(`${templates}/container-template.js`);
const { serviceBody, serviceFieldPatterns } = await import(`${templates}/service-template.js`);
write('create-body.regex', bodyPattern(containerBody, dockerFieldPatterns));
write('../swarm/docker-proxy/service-body.regex', bodyPattern(serviceBody, serviceFieldPatterns));

/** @param {string} name @param {string} pattern */
function write(name, pattern) {
  writeFileSync(new URL(name, import.meta.url), `${pattern}\n`);
}
