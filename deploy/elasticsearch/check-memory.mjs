/** First of the profile `elastic`: `check-memory.mjs` ends with code 1 and one line where the machine is too small for it. */
import { totalmem } from 'node:os';

/** What is sold as 8 GB shows less of it to programs. */
const NEEDED_BYTES = 7.2e9;

/**
 * @param {number} bytes memory of the machine
 * @returns {string | undefined} why Elasticsearch is not started, undefined when it may be
 */
export function tooSmall(bytes) {
  if (bytes >= NEEDED_BYTES) return undefined;
  const has = (bytes / 1e9).toFixed(1);
  return `This machine has ${has} GB of memory: Elasticsearch and Kibana need 8 and are not started. Everything else runs; events are kept in files. Take COMPOSE_PROFILES out of .env to be rid of this line.`;
}

if (process.argv[1]?.endsWith('check-memory.mjs')) {
  const reason = tooSmall(totalmem());
  if (reason !== undefined) {
    process.stderr.write(`${reason}\n`);
    process.exitCode = 1;
  }
}
