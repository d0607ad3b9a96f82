const BEAT_MS = 10_000;

/**
 * One line for the person at the terminal. Standard output belongs to the program that is being set up.
 * @param {string} sentence
 */
export function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

/**
 * Reports what is being done, and again while it lasts: silence for a minute looks like a hang.
 * @template T
 * @param {string} what for example `Installing packages (npm ci)`
 * @param {() => Promise<T>} work
 * @param {{ beatMs?: number, write?: (sentence: string) => void, detail?: () => string }} [options] `detail`: what it does just now
 * @returns {Promise<T>}
 */
export async function saying(what, work, { beatMs = BEAT_MS, write = say, detail = () => '' } = {}) {
  const started = performance.now();
  write(`${what} …`);
  const beat = setInterval(
    () => write(`${what}: still at it after ${duration(performance.now() - started)} …${detail()}`),
    beatMs,
  );
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}

/**
 * @param {number} milliseconds
 * @returns {string} `8 s`, `1 min 20 s`
 */
export function duration(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
