/** MQTT 5's reason code "session taken over". */
export const SESSION_TAKEN_OVER = 0x8e;
/** MQTT 5's reason code "packet too large". */
export const PACKET_TOO_LARGE = 0x95;

/** Source: MQTT 5, 2.4; codes below 6 are the return codes of MQTT 3.1.1, 3.2.2.3. */
const texts: ReadonlyMap<number, string> = new Map([
  [1, 'unacceptable protocol version'],
  [2, 'client id rejected'],
  [3, 'server unavailable'],
  [4, 'bad user name or password'],
  [5, 'not authorized'],
  [0x80, 'unspecified error'],
  [0x81, 'malformed packet'],
  [0x82, 'protocol error'],
  [0x83, 'implementation specific error'],
  [0x84, 'unsupported protocol version'],
  [0x85, 'client id not valid'],
  [0x86, 'bad user name or password'],
  [0x87, 'not authorized'],
  [0x88, 'server unavailable'],
  [0x89, 'server busy'],
  [0x8a, 'banned'],
  [0x8b, 'server shutting down'],
  [0x8c, 'bad authentication method'],
  [0x8d, 'keep alive timeout'],
  [SESSION_TAKEN_OVER, 'session taken over'],
  [0x8f, 'topic filter invalid'],
  [0x90, 'topic name invalid'],
  [0x91, 'packet identifier in use'],
  [0x93, 'receive maximum exceeded'],
  [PACKET_TOO_LARGE, 'packet too large'],
  [0x96, 'message rate too high'],
  [0x97, 'quota exceeded'],
  [0x98, 'administrative action'],
  [0x99, 'payload format invalid'],
  [0x9a, 'retain not supported'],
  [0x9b, 'QoS not supported'],
  [0x9f, 'connection rate exceeded'],
]);

/** Returns a code in words: `not authorized (0x87)`. */
export function reasonText(code: number): string {
  return `${texts.get(code) ?? 'refused'} (0x${code.toString(16).padStart(2, '0')})`;
}
