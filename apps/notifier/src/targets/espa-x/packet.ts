import { DOMParser, type Element, ParseError } from '@xmldom/xmldom';

/** One message: `<ESPA-X><REQ.P-START invokeID="5" sessionID="…"><CP-TEXTMSG>…`. */
export interface EspaXPacket {
  /** `REQ.LOGIN`, `RSP.P-START`, `IND.P-EVENT`, … */
  readonly name: string;
  readonly invokeId: number | undefined;
  readonly sessionId: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
}

const namespace = 'http://ns.espa-x.org/espa-x';
/** `EX`, length of the whole packet and number of the request, both 32 bits. */
const headerBytes = 10;
/** Longer packets are not from an alarm server. */
const maxBytes = 256 * 1024;

/**
 * Returns the bytes of a packet. No public specification exists; sources: the client of Tetronik (Apache-2.0,
 * node-red-contrib for DAKS) and the Icinga module of T. Gelf with its schema of version 1.00, which agree.
 *
 * @param timestamp local time of the sender, ISO 8601 without zone
 */
export function encodePacket({ name, invokeId, sessionId, fields }: EspaXPacket, timestamp: string): Uint8Array {
  const attributes = [
    invokeId === undefined ? '' : ` invokeID="${invokeId}"`,
    sessionId === undefined ? '' : ` sessionID="${escaped(sessionId)}"`,
  ].join('');
  const content = Object.entries(fields)
    .map(([key, value]) => `<${key}>${escaped(value)}</${key}>`)
    .join('');
  const root = `<ESPA-X xmlns="${namespace}" version="1.00" timestamp="${escaped(timestamp)}">`;
  const xml = `<?xml version="1.0" encoding="UTF-8"?>${root}<${name}${attributes}>${content}</${name}></ESPA-X>`;
  const body = Buffer.from(xml, 'utf8');
  const header = Buffer.alloc(headerBytes);
  header.write('EX', 'latin1');
  header.writeUInt32BE(headerBytes + body.length, 2);
  header.writeUInt32BE((invokeId ?? 0) >>> 0, 6);
  return Buffer.concat([header, body]);
}

/**
 * Returns the complete packets at the beginning of `bytes` and the rest.
 *
 * @throws RangeError when the bytes are not ESPA-X: nothing after them can be read
 */
export function readPackets(bytes: Uint8Array): { packets: EspaXPacket[]; rest: Uint8Array } {
  const packets: EspaXPacket[] = [];
  let rest = Buffer.from(bytes);
  while (rest.length >= headerBytes) {
    const length = rest.readUInt32BE(2);
    if (rest.toString('latin1', 0, 2) !== 'EX' || length < headerBytes || length > maxBytes) {
      throw new RangeError('The other side does not speak ESPA-X.');
    }
    if (rest.length < length) break;
    const packet = parsePacket(rest.toString('utf8', headerBytes, length));
    if (packet !== undefined) {
      packets.push(packet);
    }
    rest = rest.subarray(length);
  }
  return { packets, rest };
}

/** Undefined for what is not a message of the protocol. */
function parsePacket(xml: string): EspaXPacket | undefined {
  // A document type could define entities that grow without end.
  if (xml.includes('<!DOCTYPE')) return undefined;
  try {
    const root = new DOMParser({ onError: () => undefined }).parseFromString(xml, 'text/xml').documentElement;
    const message = root?.localName === 'ESPA-X' ? childrenOf(root)[0] : undefined;
    if (message === undefined) return undefined;
    const fields = childrenOf(message).map((one): [string, string] => [one.localName ?? '', one.textContent ?? '']);
    const invokeId = Number(message.getAttribute('invokeID') ?? Number.NaN);
    return {
      name: message.localName ?? '',
      invokeId: Number.isSafeInteger(invokeId) ? invokeId : undefined,
      sessionId: message.getAttribute('sessionID') ?? undefined,
      fields: Object.fromEntries(fields),
    };
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

function childrenOf(element: Element): Element[] {
  return [...element.childNodes].filter((node): node is Element => node.nodeType === 1);
}

/** Also leaves out what XML cannot carry at all, and keeps readers from changing line ends. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"'\t\n\r\u0085\u2028\u2029]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
