import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Clock, createBackoff, EXIT, endProcess, redactUrl, type Timer } from '@vigilia/service';

export interface ServiceChildOptions {
  readonly name: string;
  /** The service's main file. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** File for everything the service writes, one JSON object per line. */
  readonly logFile: string;
  readonly clock: Clock;
  /** It ended without being asked to. `lastMessage`: the message of its last log line. */
  readonly onDeath: (death: {
    name: string;
    code: number | null;
    signal: string | null;
    lastMessage: string;
    again: boolean;
  }) => void;
}

/**
 * One service as a child process: started again with backoff when it dies (1 s to 30 s; 30 s to 5 min after its session was
 * taken over), except after a mistake in its settings; ended with `stop()`.
 */
export class ServiceChild {
  readonly #options: ServiceChildOptions;
  readonly #backoff = createBackoff({ minMs: 1000, maxMs: 30_000, jitter: 0.2 });
  /** After exit code 3 another process has our name at the broker: it gets time to end, and is not fought. */
  readonly #takenOverBackoff = createBackoff({ minMs: 30_000, maxMs: 300_000, jitter: 0 });
  #log: WriteStream | undefined;
  #child: ChildProcess | undefined;
  #again: Timer | undefined;
  #lastMessage = '';
  #stopping: Promise<void> | undefined;

  constructor(options: ServiceChildOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    this.#log = createWriteStream(this.#options.logFile, { flags: 'a' });
    this.#spawn();
  }

  /** Idempotent; resolves when the process has ended. */
  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  #spawn(): void {
    const { entry, args, env } = this.#options;
    // Its own process group: Ctrl-C in the terminal reaches us alone, and we end the services in order.
    const child = spawn(process.execPath, [entry, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => this.#keep(line));
    }
    const born = this.#options.clock.monotonic();
    child.once('error', (error) => this.#keep(error.message));
    child.once('close', (code, signal) => this.#died(code, signal, this.#options.clock.monotonic() - born));
  }

  /** Lines of our logger are redacted already, the last words of a crash are not. */
  #keep(line: string): void {
    const shown = redactUrl(line);
    this.#log?.write(`${shown}\n`);
    this.#lastMessage = messageOf(shown);
  }

  #died(code: number | null, signal: string | null, livedMs: number): void {
    if (this.#stopping !== undefined) return;
    const backoff = code === EXIT.takenOver ? this.#takenOverBackoff : this.#backoff;
    if (livedMs > 60_000) {
      backoff.reset();
    }
    const again = code !== EXIT.usage;
    this.#options.onDeath({ name: this.#options.name, code, signal, lastMessage: this.#lastMessage, again });
    if (again) {
      this.#again = this.#options.clock.setTimeout(() => this.#spawn(), backoff.next());
    }
  }

  async #end(): Promise<void> {
    this.#again?.cancel();
    if (this.#child !== undefined) {
      await endProcess(this.#child, { graceMs: 8000 });
    }
    await new Promise<void>((resolve) => (this.#log === undefined ? resolve() : this.#log.end(resolve)));
  }
}

/** The message of a log line; the line itself where it is not a log line. */
function messageOf(line: string): string {
  try {
    const value: unknown = JSON.parse(line);
    const message = (value as { message?: unknown } | null)?.message;
    return typeof message === 'string' ? message : line;
  } catch {
    return line;
  }
}
