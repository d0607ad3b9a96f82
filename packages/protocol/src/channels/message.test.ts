import { channels } from './channels.ts';
import { decodeMessage, type RejectReason } from './message.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function decodeCommand(text: string, retain = false) {
  return decodeMessage(channels.commands, {}, { topic: 'nvr/control/commands', payload: bytes(text), retain });
}

test('a valid message is returned with its type', () => {
  const decoded = decodeCommand('{"command": "ping"}');
  expect(decoded.ok && decoded.value?.command).toBe('ping');
});

test.each<[string, string, RejectReason]>([
  ['brackets nested 10,000 deep', `{"command":"ping","params":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 'too_deep'],
  ['6 kB of opening brackets', '['.repeat(6000), 'too_deep'],
  ['a megabyte', `{"command":"${'x'.repeat(1_000_000)}"}`, 'too_large'],
  ['half a message', '{"command": "pi', 'invalid_json'],
  ['NaN', '{"command": "ping", "expires_in_ms": NaN}', 'invalid_json'],
  ['a number beyond every range', '{"command": "ping", "expires_in_ms": 1e400}', 'invalid_json'],
  ['a date that does not exist', '{"command": "ping", "expires_at": "2026-02-31T00:00:00Z"}', 'invalid_payload'],
  ['a list', '[]', 'invalid_payload'],
  ['nothing', '', 'empty'],
])('%s is rejected', (_, text, reason) => {
  const decoded = decodeCommand(text);
  expect(decoded.ok ? 'accepted' : decoded.rejection.reason).toBe(reason);
});

test('brackets inside a text do not count as nesting', () => {
  const decoded = decodeCommand(`{"command": "ping", "params": {"a": "\\"${'['.repeat(500)}"}}`);
  expect(decoded.ok).toBe(true);
});

test('a byte order mark and trailing NUL characters are passed over', () => {
  expect(decodeCommand('\ufeff{"command": "ping"}\0\0').ok).toBe(true);
});

test('blanks and NUL characters after a message are passed over, however many there are', () => {
  expect(decodeCommand(`{"command": "ping"}${'\0 \n'.repeat(50_000)}`).ok).toBe(true);
});

test('a message of blanks alone is rejected', () => {
  const decoded = decodeCommand(' '.repeat(200_000));
  expect(decoded.ok ? 'accepted' : decoded.rejection.reason).toBe('invalid_json');
});

test('a retained command is ignored, so that it is not carried out at each connection', () => {
  const decoded = decodeCommand('{"command": "stop"}', true);
  expect(decoded.ok ? 'accepted' : decoded.rejection.reason).toBe('retained');
});

test('an ACK under another processor’s topic is rejected', () => {
  const ack = {
    instance_id: 'processor-b',
    client_id: 'processor-b',
    command: 'ping',
    command_id: '1',
    ack_status: 'completed',
    timestamp: '2026-01-01T00:00:00Z',
  };
  const topic = 'nvr/control/status/processor-a/ack';
  const raw = { topic, payload: bytes(JSON.stringify(ack)), retain: false };
  const decoded = decodeMessage(channels.ack, { instance_id: 'processor-a' }, raw);
  expect(decoded.ok ? 'accepted' : decoded.rejection).toMatchObject({
    reason: 'sender_mismatch',
    field: 'instance_id',
  });
  expect(decodeMessage(channels.ack, { instance_id: 'processor-b' }, raw).ok).toBe(true);
});

test('an empty payload of a retained channel means that it was cleared', () => {
  const raw = { topic: 'nvr/rooms/2', payload: new Uint8Array(), retain: false };
  expect(decodeMessage(channels.room, { source_id: '2' }, raw)).toEqual({
    ok: true,
    places: { source_id: 2 },
    value: undefined,
  });
});
