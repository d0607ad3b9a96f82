// Jest runs tests in a vm realm with its own typed arrays; onnxruntime-node's native binding accepts only the host's
// ("A float32 tensor's data must be type of function Float32Array"). This environment gives the realm the host's.
const { TestEnvironment } = require('jest-environment-node');

/** What keeps a process from ending, by kind (https://nodejs.org/api/process.html#processgetactiveresourcesinfo). */
const KINDS =
  /^(ProcessWrap|TCPServerWrap|TCPSocketWrap|TLSWrap|UDPWrap|PipeServerWrap|FSEventWrap|MessagePort|Timeout)$/;

function countOpen() {
  const counts = new Map();
  for (const kind of process.getActiveResourcesInfo()) {
    if (KINDS.test(kind)) {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  return counts;
}

class VigiliaEnvironment extends TestEnvironment {
  #testPath;
  #before;

  constructor(config, context) {
    super(config, context);
    this.#testPath = context.testPath;
  }

  async setup() {
    await super.setup();
    this.#before = countOpen();
    for (const name of [
      'ArrayBuffer',
      'SharedArrayBuffer',
      'Uint8Array',
      'Uint8ClampedArray',
      'Int8Array',
      'Uint16Array',
      'Int16Array',
      'Uint32Array',
      'Int32Array',
      'Float32Array',
      'Float64Array',
      'BigInt64Array',
      'BigUint64Array',
      'DataView',
    ]) {
      this.global[name] = globalThis[name];
    }
  }

  async teardown() {
    await super.teardown();
    if (this.#leftOpen().length === 0) return;
    // what was ended a moment ago may need one to close
    await new Promise((resolve) => setTimeout(resolve, 50));
    const left = this.#leftOpen();
    if (left.length > 0) {
      process.stderr.write(`LEFT OPEN by ${this.#testPath}: ${left.join(', ')}\n`);
    }
  }

  #leftOpen() {
    const left = [];
    for (const [kind, count] of countOpen()) {
      const more = count - (this.#before.get(kind) ?? 0);
      if (more > 0) {
        left.push(`${more} ${kind}`);
      }
    }
    return left;
  }
}
module.exports = VigiliaEnvironment;
