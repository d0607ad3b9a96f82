const firstMs = 700;
const everyMs = 1000;

/** The part of a terminal's standard error that is written to. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Runs a task that may take long. At a terminal it shows on standard error what the command waits for and since when; standard output stays
 * free for the result. Without a terminal it writes nothing.
 */
export async function withProgress<T>(
  what: string,
  body: () => Promise<T>,
  output: ProgressOutput = process.stderr,
): Promise<T> {
  if (output.isTTY !== true) return body();
  const startMs = performance.now();
  let shown = false;
  const timer = setInterval(() => {
    const elapsedMs = performance.now() - startMs;
    if (elapsedMs < firstMs) return;
    shown = true;
    output.write(`\r\u001b[K${what} … ${Math.round(elapsedMs / 1000)} s`);
  }, everyMs);
  try {
    return await body();
  } finally {
    clearInterval(timer);
    if (shown) {
      output.write('\r\u001b[K');
    }
  }
}
