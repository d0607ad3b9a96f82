import { closeSync, openSync, readSync } from 'node:fs';

/** Wire types of Protocol Buffers (https://protobuf.dev/programming-guides/encoding). */
const wireTypes = { varint: 0, eightBytes: 1, lengthPrefixed: 2, fourBytes: 5 };
/** `ModelProto.metadata_props`, and `key` and `value` of its entries (onnx.proto). */
const metadataField = 14;
const keyField = 1;
const valueField = 2;
/** No class list is longer; a length beyond it is not one. */
const longestEntryBytes = 4 * 1024 * 1024;

/**
 * Returns the `metadata_props` of an ONNX file, which ONNX Runtime's Node binding does not report: class names, task and image
 * size where the exporter wrote them. The graph with its weights is skipped, not read: a model host's memory never shrinks.
 * A file that is not an ONNX file gives what was read until then; loading it gives the error.
 */
export function readOnnxMetadata(path: string): Record<string, string> {
  const file = openSync(path, 'r');
  try {
    return collect(new ProtoReader((position, length) => readAt(file, position, length)));
  } finally {
    closeSync(file);
  }
}

function collect(model: ProtoReader): Record<string, string> {
  const properties: Record<string, string> = {};
  for (let field = model.next(); field !== undefined; field = model.next()) {
    if (field.number !== metadataField || field.length > longestEntryBytes) continue;
    const bytes = model.bytes(field);
    const entry = new ProtoReader((position, length) => bytes.subarray(position, position + length));
    const texts = new Map<number, string>();
    for (let part = entry.next(); part !== undefined; part = entry.next()) {
      texts.set(part.number, entry.bytes(part).toString('utf8'));
    }
    const key = texts.get(keyField);
    if (key !== undefined) {
      properties[key] = texts.get(valueField) ?? '';
    }
  }
  return properties;
}

function readAt(file: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, position));
}

interface Field {
  readonly number: number;
  /** Where its content begins, and how long it is, bytes. */
  readonly start: number;
  readonly length: number;
}

/** Goes through the fields of one message without reading their content. */
class ProtoReader {
  readonly #read: (position: number, length: number) => Buffer;
  #position = 0;

  constructor(read: (position: number, length: number) => Buffer) {
    this.#read = read;
  }

  /** The next field; undefined at the end or where the bytes are not a message. */
  next(): Field | undefined {
    const tag = this.#varint();
    if (tag === undefined) return undefined;
    const length = this.#contentLength(tag & 7);
    if (length === undefined) return undefined;
    const field = { number: Math.floor(tag / 8), start: this.#position, length };
    this.#position += length;
    return field;
  }

  bytes({ start, length }: Field): Buffer {
    return this.#read(start, length);
  }

  #contentLength(wireType: number): number | undefined {
    switch (wireType) {
      case wireTypes.varint:
        return this.#varint() === undefined ? undefined : 0;
      case wireTypes.eightBytes:
        return 8;
      case wireTypes.fourBytes:
        return 4;
      case wireTypes.lengthPrefixed:
        return this.#varint();
      default:
        return undefined;
    }
  }

  #varint(): number | undefined {
    const bytes = this.#read(this.#position, 10);
    let value = 0;
    for (const [index, byte] of bytes.entries()) {
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) {
        this.#position += index + 1;
        return value;
      }
    }
    return undefined;
  }
}
