// Jest runs tests in a vm realm with its own typed arrays; onnxruntime-node's native binding accepts only the host's
// ("A float32 tensor's data must be type of function Float32Array"). This environment gives the realm the host's.
const { TestEnvironment } = require('jest-environment-node');

class HostTypedArraysEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
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
}
module.exports = HostTypedArraysEnvironment;
