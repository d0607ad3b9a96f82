/** One log entry as the engine kept it: usually a line; a line of over 16 kB comes in several. */
export interface LogEntry {
  readonly stream: 'stdout' | 'stderr';
  /** RFC 3339 with nanoseconds, as the engine wrote it. */
  readonly time: string;
  readonly text: string;
}

const HEADER_BYTES = 8;
const STAMP = /^(\d{4}-\d{2}-\d{2}T[\d:]{8}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})) ?/;

/**
 * Takes the engine's log stream apart: frames of `type 1 | 0 0 0 | length u32 BE | payload`, or bare lines for a container with a terminal.
 * Source: Docker Engine API, "Attach to a container", stream format. Entries are joined to lines; the first entry's time is the line's.
 */
export class DockerLogParser {
  #rest: Buffer = Buffer.alloc(0);
  #isFramed: boolean | undefined;
  readonly #open = new Map<LogEntry['stream'], LogEntry>();

  /** The lines that are complete with this chunk. */
  push(chunk: Buffer): LogEntry[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#isFramed === undefined && this.#rest.length >= 4) {
      this.#isFramed = looksFramed(this.#rest);
    }
    if (this.#isFramed === undefined) return [];
    return this.#isFramed ? this.#readFrames() : this.#readLines();
  }

  #readFrames(): LogEntry[] {
    const lines: LogEntry[] = [];
    while (this.#rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + this.#rest.readUInt32BE(4);
      if (this.#rest.length < end) break;
      const stream = this.#rest[0] === 2 ? 'stderr' : 'stdout';
      const line = this.#join(stream, this.#rest.toString('utf8', HEADER_BYTES, end));
      if (line !== undefined) {
        lines.push(line);
      }
      this.#rest = this.#rest.subarray(end);
    }
    return lines;
  }

  #readLines(): LogEntry[] {
    const lines: LogEntry[] = [];
    for (let end = this.#rest.indexOf(0x0a); end !== -1; end = this.#rest.indexOf(0x0a)) {
      const line = this.#join('stdout', this.#rest.toString('utf8', 0, end + 1));
      if (line !== undefined) {
        lines.push(line);
      }
      this.#rest = this.#rest.subarray(end + 1);
    }
    return lines;
  }

  #join(stream: LogEntry['stream'], payload: string): LogEntry | undefined {
    const stamp = STAMP.exec(payload);
    const text = stamp === null ? payload : payload.slice(stamp[0].length);
    const begun = this.#open.get(stream);
    const entry =
      begun === undefined ? { stream, time: stamp?.[1] ?? '', text } : { ...begun, text: begun.text + text };
    if (entry.text.endsWith('\n') || entry.text.length > 1_000_000) {
      this.#open.delete(stream);
      return { ...entry, text: entry.text.replace(/\r?\n$/, '') };
    }
    this.#open.set(stream, entry);
    return undefined;
  }
}

function looksFramed(data: Buffer): boolean {
  return (data[0] ?? 9) <= 2 && data[1] === 0 && data[2] === 0 && data[3] === 0;
}

/** `2026-01-01T00:00:00.5Z` as the engine's `since`: seconds and nine digits of nanoseconds. */
export function sinceOf(time: string): string | undefined {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) return undefined;
  const nanos = (/\.(\d{1,9})/.exec(time)?.[1] ?? '').padEnd(9, '0');
  return `${Math.floor(ms / 1000)}.${nanos}`;
}
