import fc from 'fast-check';
import { fuzzedMessages } from '../fuzz/index.ts';
import { channels, type KnownChannel } from './channels.ts';
import { type Decoded, decodeMessage } from './message.ts';

const all = Object.values(channels).map((channel): [string, KnownChannel] => [channel.name, channel]);

function decode(channel: KnownChannel, message: { places: object; payload: Uint8Array; retain: boolean }) {
  const { places, payload, retain } = message;
  const raw = { topic: channel.pattern, payload, retain };
  return decodeMessage(channel, places as Record<string, string>, raw) as Decoded<KnownChannel>;
}

test.each(all)('%s: no message throws, and what is accepted can be published again', (_, channel) => {
  fc.assert(
    fc.property(fuzzedMessages(channel), (message) => {
      const decoded = decode(channel, message);
      if (!decoded.ok) {
        // an answer and a log line repeat it: however large the message was, it stays short
        expect(decoded.rejection.message.length).toBeLessThan(2000);
        return;
      }
      if (message.payload.length === 0) {
        expect(decoded.value).toBeUndefined();
      }
      if (decoded.value === undefined) return;
      expect(channel.schema.safeParse(decoded.value).error).toBeUndefined();
      const text = channel.encoding === 'text' ? String(decoded.value) : JSON.stringify(decoded.value);
      const again = decode(channel, { ...message, payload: new TextEncoder().encode(text), retain: false });
      expect(again.ok ? undefined : again.rejection).toBeUndefined();
      // what one service stores or forwards is what the next one reads, also in fields that no schema describes
      if (again.ok) {
        expect(repeated(again.value)).toEqual(repeated(decoded.value));
      }
    }),
    // shrinking a mebibyte takes minutes; the seed is printed
    { numRuns: 200, endOnFailure: true },
  );
});

/** What must be the same when it is read again: JSON writes -0 as 0, and what a fall report left out is not there any more. */
function repeated(value: unknown): unknown {
  if (typeof value === 'number') return value + 0;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(repeated);
  const kept = Object.entries(value).filter(([key]) => key !== 'unread');
  return Object.fromEntries(kept.map(([key, inside]) => [key, repeated(inside)]));
}

test.each(all)('%s: messages as the schema describes them are accepted', (_, channel) => {
  const messages = fc.sample(fuzzedMessages(channel), { numRuns: 400, seed: 7 });
  const described = messages.filter(({ valid, retain }) => valid && (!retain || channel.retain));
  const accepted = described.filter((message) => decode(channel, message).ok);
  expect(described.length).toBeGreaterThan(10);
  expect(accepted.length).toBeGreaterThan(described.length / 4);
});

test.each(all)('%s: a message above its size is rejected before it is parsed', (_, channel) => {
  const large = new Uint8Array(channel.maxBytes + 1).fill(0x5b);
  const decoded = decode(channel, { places: {}, payload: large, retain: false });
  expect(decoded.ok ? 'accepted' : decoded.rejection.reason).toBe('too_large');
});
