import { OutgoingQueue, type QueuedMessage } from './outgoing-queue.ts';

function message(text: string): QueuedMessage {
  const payload = Buffer.from(text);
  const expiresAtMs = Number.POSITIVE_INFINITY;
  return { topic: 't', payload, options: {}, expiresAtMs, messageId: undefined, resolve: () => {}, reject: () => {} };
}

test('a backlog of 100,000 answers leaves the queue within seconds: rooms are analysed in the same event loop', () => {
  const queue = new OutgoingQueue({ messages: 50_000, bytes: 1e9 }, 'oldest');
  const startMs = performance.now();
  let dropped = 0;
  for (let index = 0; index < 100_000; index += 1) {
    dropped += queue.add(message(String(index)), 0).length;
  }
  expect(dropped).toBe(50_000);
  const sent: string[] = [];
  for (let { first } = queue; first !== undefined; { first } = queue) {
    sent.push(first.payload.toString());
    queue.send();
    queue.remove(first);
  }
  expect(sent).toEqual(Array.from({ length: 50_000 }, (_, index) => String(50_000 + index)));
  expect([queue.size, queue.bytes]).toEqual([0, 0]);
  expect(performance.now() - startMs).toBeLessThan(5000);
});
