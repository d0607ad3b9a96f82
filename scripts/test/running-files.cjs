const { rmSync, writeFileSync } = require('node:fs');

/**
 * Reporter of jest: writes the paths of the test files that run now into FILE.running, one per line; FILE is jest's `--outputFile`. They
 * name the file that keeps a run from ending.
 */
class RunningFiles {
  #file;
  /** @type {Set<string>} */
  #running = new Set();

  /** @param {{ outputFile?: string }} globalConfig */
  constructor({ outputFile }) {
    this.#file = outputFile === undefined ? undefined : `${outputFile}.running`;
  }

  /** @param {{ path: string }} test */
  onTestFileStart({ path }) {
    this.#running.add(path);
    this.#write();
  }

  /** @param {{ path: string }} test */
  onTestFileResult({ path }) {
    this.#running.delete(path);
    this.#write();
  }

  onRunComplete() {
    if (this.#file) {
      rmSync(this.#file, { force: true });
    }
  }

  #write() {
    if (this.#file) {
      writeFileSync(this.#file, [...this.#running].join('\n'));
    }
  }
}
module.exports = RunningFiles;
