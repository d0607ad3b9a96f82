import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { LogLine } from '../documents/log-document.ts';
import { asInteger, asRecord, asText } from '../schema/json-fields.ts';

/** How far a file was read. `first` is a hash of its first line: the same inode with another first line is another file. */
export interface FilePosition {
  readonly path: string;
  readonly offset: number;
  readonly first: string;
}

export function asFilePosition(value: unknown): FilePosition | undefined {
  const record = asRecord(value);
  const [path, offset, first] = [asText(record?.path), asInteger(record?.offset), asText(record?.first)];
  return path === undefined || offset === undefined || first === undefined ? undefined : { path, offset, first };
}

const CHUNK_BYTES = 256 * 1024;
const MAX_LINE_BYTES = 1024 * 1024;

/** One open file of lines. The handle stays with the file through a rename, so the rest of a rotated file is read. */
export class LogFile {
  readonly path: string;
  readonly inode: string;
  readonly #handle: FileHandle;
  #offset = 0;
  #first = '';

  constructor(path: string, inode: string, handle: FileHandle) {
    this.path = path;
    this.inode = inode;
    this.#handle = handle;
  }

  /** Opens at the place it was read to, or at the beginning when it is another file. @throws the system's error */
  static async open(path: string, positionOf: (inode: string) => FilePosition | undefined): Promise<LogFile> {
    const handle = await open(path, 'r');
    const { dev, ino } = await handle.stat();
    const file = new LogFile(path, `${dev}:${ino}`, handle);
    const known = positionOf(file.inode);
    if (known !== undefined && (await file.#identity()) === known.first) {
      file.#first = known.first;
      file.#offset = known.offset;
    }
    return file;
  }

  get position(): FilePosition {
    return { path: this.path, offset: this.#offset, first: this.#first };
  }

  /** The next whole lines; none at the end of what is there. A file that shrank is read from its beginning (copy and truncate). */
  async read(): Promise<LogLine[]> {
    const { size } = await this.#handle.stat();
    if (size < this.#offset || (this.#first !== '' && size > 0 && (await this.#identity()) !== this.#first)) {
      this.#restart();
    }
    if (size === this.#offset) return [];
    const data = await this.#bytes(this.#offset, CHUNK_BYTES);
    const end = data.lastIndexOf(0x0a) + 1;
    if (end > 0) return this.#take(data.subarray(0, end));
    if (data.length < CHUNK_BYTES) return [];
    return this.#takeLong();
  }

  /** Returns the rest after the last line break of a file that no program writes any more: a last line, though its end is missing. */
  async rest(): Promise<LogLine[]> {
    const data = await this.#bytes(this.#offset, MAX_LINE_BYTES);
    return data.length === 0 ? [] : this.#take(data);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #take(data: Buffer): Promise<LogLine[]> {
    if (this.#first === '') {
      this.#first = (await this.#identity()) ?? '';
    }
    const lines: LogLine[] = [];
    for (let at = 0; at < data.length; ) {
      const found = data.indexOf(0x0a, at);
      const end = found === -1 ? data.length : found;
      const text = data.toString('utf8', at, end).replace(/\r$/, '');
      if (text !== '') {
        lines.push(this.#line(text, this.#offset + at));
      }
      at = end + 1;
    }
    this.#offset += data.length;
    return lines;
  }

  /** A line over the chunk: whole up to 1 MB, and taken in pieces beyond it, so that no line stops the file. */
  async #takeLong(): Promise<LogLine[]> {
    const data = await this.#bytes(this.#offset, MAX_LINE_BYTES);
    const end = data.indexOf(0x0a) + 1;
    if (end === 0 && data.length < MAX_LINE_BYTES) return [];
    return this.#take(end === 0 ? data : data.subarray(0, end));
  }

  #line(text: string, offset: number): LogLine {
    return {
      text,
      origin: { kind: 'file', name: this.path, id: `${this.inode}:${this.#first}` },
      place: [String(offset)],
    };
  }

  #restart(): void {
    this.#offset = 0;
    this.#first = '';
  }

  /** Hash of the first line; `undefined` while it is not complete. */
  async #identity(): Promise<string | undefined> {
    const head = await this.#bytes(0, 4096);
    const end = head.indexOf(0x0a);
    if (end === -1 && head.length < 4096) return undefined;
    const line = head.subarray(0, end === -1 ? head.length : end);
    return createHash('sha256').update(line).digest('hex').slice(0, 16);
  }

  async #bytes(offset: number, length: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.#handle.read(Buffer.allocUnsafe(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  }
}
