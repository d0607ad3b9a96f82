/** Control characters of ESPA 4.4.4, which are those of ISO 646. */
export const control = {
  soh: 0x01,
  stx: 0x02,
  etx: 0x03,
  eot: 0x04,
  enq: 0x05,
  ack: 0x06,
  nak: 0x15,
  rs: 0x1e,
  us: 0x1f,
} as const;

/** Types of blocks: the character between SOH and STX. */
export const blockHeader = { call: '1', statusInformation: '2', statusRequest: '3' } as const;

/** Identifiers of the records in a block. */
export const record = {
  callAddress: '1',
  displayMessage: '2',
  beepCoding: '3',
  callType: '4',
  transmissions: '5',
  priority: '6',
  callStatus: '7',
  systemStatus: '8',
} as const;

/** A block of data. One character of a string is one byte on the line. */
export interface EspaBlock {
  readonly header: string;
  /** Identifier and data of each record, in order. */
  readonly records: readonly (readonly [id: string, data: string])[];
}

/** What a station reads from the line. */
export type EspaToken =
  | { readonly kind: 'enquiry'; readonly address: string }
  | { readonly kind: 'ack' }
  | { readonly kind: 'nak'; readonly reason: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'block'; readonly block: EspaBlock }
  /** A block whose check character is wrong, or that was cut short. */
  | { readonly kind: 'damaged' };

/** Longest block that is waited for, bytes; the specification allows 128 characters of text. */
const maxBlockBytes = 1024;
/** Longest address or reason in front of a control character. */
const maxPrefix = 8;

/**
 * Returns the bytes of a block: SOH header STX records ETX BCC.
 * Source: ESPA 4.4.4 (November 1984), section 4; www.gscott.me.uk/ESPA.4.4.4.
 *
 * @throws RangeError when a header or record holds a control character or a character above U+00FF
 */
export function encodeBlock({ header, records }: EspaBlock): Uint8Array {
  const values = [header, ...records.flat()];
  if (values.some((text) => !/^[\x20-\x7e\x80-\xff]*$/.test(text))) {
    throw new RangeError('A block may hold printable characters of one byte only.');
  }
  const body = records.map(([id, data]) => `${id}\x1f${data}`).join('\x1e');
  const checked = Buffer.from(`${header}\x02${body}\x03`, 'latin1');
  return Uint8Array.of(control.soh, ...checked, blockCheck(checked));
}

/** Returns the block check character: the exclusive or of all bytes after SOH up to and including ETX. */
export function blockCheck(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum ^ byte, 0);
}

/** Returns `<address> ENQ`: a poll or a selection, depending on what came before. */
export function enquiry(address: string): Uint8Array {
  return Uint8Array.of(...Buffer.from(address, 'latin1'), control.enq);
}

/** Returns the complete tokens at the beginning of `bytes` and the rest, which is to be put in front of what comes next. */
export function readTokens(bytes: Uint8Array): { tokens: EspaToken[]; rest: Uint8Array } {
  const tokens: EspaToken[] = [];
  let at = 0;
  let prefixAt = 0;
  while (at < bytes.length) {
    const byte = bytes[at] as number;
    if (byte === control.soh) {
      const found = readBlock(bytes, at);
      if (found === undefined) return { tokens, rest: bytes.slice(at) };
      tokens.push(found.token);
      at = found.end;
      prefixAt = at;
      continue;
    }
    const prefix = text(bytes.slice(Math.max(prefixAt, at - maxPrefix), at));
    at += 1;
    if (byte >= 0x20) continue;
    prefixAt = at;
    if (byte === control.enq) {
      tokens.push({ kind: 'enquiry', address: prefix });
    }
    if (byte === control.ack) {
      tokens.push({ kind: 'ack' });
    }
    if (byte === control.nak) {
      tokens.push({ kind: 'nak', reason: prefix });
    }
    if (byte === control.eot) {
      tokens.push({ kind: 'end' });
    }
  }
  return { tokens, rest: bytes.slice(Math.max(prefixAt, at - maxPrefix)) };
}

/** The check character may have any value, so a block is read as a whole. Undefined: it is not complete. */
function readBlock(bytes: Uint8Array, start: number): { token: EspaToken; end: number } | undefined {
  for (let at = start + 1; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === control.etx) {
      const check = bytes[at + 1];
      if (check === undefined) return undefined;
      const checked = bytes.slice(start + 1, at + 1);
      const block = blockCheck(checked) === check ? parseBlock(text(checked.slice(0, -1))) : undefined;
      return { token: block === undefined ? { kind: 'damaged' } : { kind: 'block', block }, end: at + 2 };
    }
    const cut = byte === control.soh || byte === control.eot || byte === control.enq;
    if (cut || at - start > maxBlockBytes) return { token: { kind: 'damaged' }, end: at };
  }
  return undefined;
}

function parseBlock(body: string): EspaBlock | undefined {
  const parts = body.split('\x02');
  const [header, data] = parts;
  if (parts.length !== 2 || header === undefined || header === '' || data === undefined) return undefined;
  // Some stations end the last record with a separator too.
  const records = data
    .split('\x1e')
    .filter((one) => one !== '')
    .map((one): [string, string] => {
      const at = one.indexOf('\x1f');
      return at < 0 ? [one, ''] : [one.slice(0, at), one.slice(at + 1)];
    });
  return { header, records };
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
