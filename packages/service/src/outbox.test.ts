import { captureLogger, FakeClock } from '@vigilia/testing';
import fc from 'fast-check';
import { BusError, type PublishOptions } from './bus.ts';
import type { Connection } from './connection.ts';
import { classOf, defaultBounds, Outbox, type OutboxOptions } from './outbox.ts';
import { PacketIds } from './packet-ids.ts';
import { PacketSizeLimit } from './packet-size-limit.ts';
import { PublishReports } from './publish-reports.ts';

interface Sent {
  text: string;
  dup: boolean;
  messageId: number | undefined;
  puback: (code?: number) => void;
}

/** A connection whose PUBACKs and back-pressure a test gives by hand. */
function fakeConnection({
  receiveMaximum = 65_535,
  sessionPresent = false,
  maxPacketBytes = undefined as number | undefined,
} = {}) {
  const sent: Sent[] = [];
  const encoded = new Map<Buffer, Omit<Sent, 'puback'>>();
  const socket = { writable: true };
  const connection: Connection = {
    sessionPresent,
    maxPacketBytes,
    receiveMaximum,
    get writable() {
      return socket.writable;
    },
    closed: new Promise(() => {}),
    encode: ({ payload, messageId, dup = false }) => {
      const packet = Buffer.from(payload);
      encoded.set(packet, { text: payload.toString(), messageId, dup });
      return packet;
    },
    send: (packet) => void sent.push({ ...encoded.get(packet), puback: () => {} } as Sent),
    sendConfirmed: (packet) =>
      new Promise((resolve) => {
        sent.push({ ...encoded.get(packet), puback: (code = 0) => resolve(code) } as Sent);
      }),
    subscribe: async (requested) => requested.map(() => 0),
    unsubscribe: async () => {},
    close: async () => {},
    cut: () => {},
  };
  return { connection, sent, socket, texts: () => sent.map(({ text }) => text) };
}

function setup(bounds: Partial<Pick<OutboxOptions, 'kept' | 'answer'>> = {}) {
  const clock = new FakeClock();
  const { logger, lines } = captureLogger();
  const limit = new PacketSizeLimit(undefined);
  const reports = new PublishReports({ clock, logger });
  const outbox = new Outbox({ ...defaultBounds, ...bounds, clock, ids: new PacketIds(), limit, reports });
  const results = new Map<string, string>();
  const add = (text: string, options: PublishOptions = {}, topic = 't'): Promise<void> => {
    const done = outbox.add(topic, Buffer.from(text), options);
    done.then(
      () => results.set(text, 'ok'),
      (error: BusError) => results.set(text, error.code),
    );
    return done;
  };
  const settle = (): Promise<void> => clock.advance(0);
  return { clock, outbox, lines, reports, add, results, settle };
}

const lost = { unexpected: true, reasonCode: undefined };

test.each([
  [{ qos: 0 as const }, 'latest'],
  [{ qos: 0 as const, retain: true }, 'latest'],
  [{ retain: true }, 'kept'],
  [{}, 'answer'],
  [{ class: 'kept' as const }, 'kept'],
])('a message with %j is of class %s', (options, expected) => {
  expect(classOf(options)).toBe(expected);
});

test('what was not acknowledged is sent again on the next connection, in order, and only once on each', async () => {
  const { outbox, add, settle } = setup();
  const all = [add('1'), add('2'), add('3')];
  const first = fakeConnection();
  outbox.attach(first.connection);
  outbox.pump();
  expect(first.texts()).toEqual(['1', '2', '3']);
  first.sent[0]?.puback();
  await all[0];
  outbox.detach(lost);
  const second = fakeConnection();
  outbox.attach(second.connection);
  expect(second.texts()).toEqual(['2', '3']);
  for (const one of second.sent) {
    one.puback();
  }
  await Promise.all(all);
  await settle();
  expect(outbox.size).toBe(0);
});

test('within a session that goes on, the same delivery is marked as such and keeps its identifier', () => {
  const { outbox, add } = setup();
  void add('1');
  const first = fakeConnection();
  outbox.attach(first.connection);
  outbox.detach(lost);
  const second = fakeConnection({ sessionPresent: true });
  outbox.attach(second.connection);
  expect(second.sent[0]).toMatchObject({ dup: true, messageId: first.sent[0]?.messageId });
});

test('a refusal with a reason code ends that message; the others go on, and it is logged once per topic', async () => {
  const { outbox, add, results, lines, reports, settle } = setup();
  const { connection, sent } = fakeConnection();
  outbox.attach(connection);
  for (const text of ['1', '2', '3']) {
    add(text).catch(() => {});
  }
  sent[0]?.puback(0x87);
  sent[1]?.puback(0x87);
  sent[2]?.puback(0x10);
  await settle();
  expect([...results]).toEqual([
    ['1', 'refused'],
    ['2', 'refused'],
    ['3', 'ok'],
  ]);
  expect(lines).toEqual([expect.objectContaining({ event: 'mqtt_publish_refused', reason: 'not authorized (0x87)' })]);
  expect(reports.counts.refused).toBe(2);
});

test('a message whose time is over is not sent', async () => {
  const { clock, outbox, add } = setup();
  const [short, long] = [add('short', { expirySeconds: 5 }), add('long', { expirySeconds: 60 })];
  await clock.advance(5000).catch(() => {});
  const { connection, sent, texts } = fakeConnection();
  const expired = expect(short).rejects.toMatchObject({ code: 'expired' });
  outbox.attach(connection);
  await expired;
  expect(texts()).toEqual(['long']);
  sent[0]?.puback();
  await long;
});

test('drained resolves with the last acknowledgement; clear gives everything up', async () => {
  const { outbox, add } = setup();
  await outbox.drained();
  const sending = add('1');
  const drained = outbox.drained();
  const { connection, sent } = fakeConnection();
  outbox.attach(connection);
  sent[0]?.puback();
  await Promise.all([sending, drained]);
  outbox.detach(lost);
  const waiting = add('2');
  outbox.clear(new BusError('stopped', 'stopped'));
  await expect(waiting).rejects.toMatchObject({ code: 'stopped' });
});

test('a full queue of answers drops the oldest answer, at once, with one log line per burst', async () => {
  const { clock, outbox, add, results, lines, reports } = setup({ answer: { messages: 2, bytes: 1000 } });
  for (let count = 0; count < 2000; count += 1) {
    add(String(count)).catch(() => {});
  }
  await clock.advance(0);
  expect(outbox.size).toBe(2);
  expect(results.get('0')).toBe('queue_full');
  expect(results.has('1998')).toBe(false);
  expect(reports.counts.droppedAnswers).toBe(1998);
  expect(lines.filter(({ event }) => event === 'mqtt_queue_full')).toHaveLength(1);
  await clock.advance(61_000);
  add('later').catch(() => {});
  expect(lines.filter(({ event }) => event === 'mqtt_queue_full')).toHaveLength(2);
});

test('a queue is bounded in bytes too', async () => {
  const { outbox, add, results, settle } = setup({ answer: { messages: 1000, bytes: 250 } });
  for (const name of ['a', 'b', 'c']) {
    add(name.repeat(100)).catch(() => {});
  }
  await settle();
  expect(results.get('a'.repeat(100))).toBe('queue_full');
  expect(outbox.bytes).toBeLessThanOrEqual(250);
});

test('a full queue of kept messages rejects the new one, unless it replaces a retained state that still waits', async () => {
  const { outbox, add, results, settle } = setup({ kept: { messages: 2, bytes: 1000 } });
  add('old state', { retain: true }, 'state').catch(() => {});
  add('event', { class: 'kept' }).catch(() => {});
  add('one event too many', { class: 'kept' }).catch(() => {});
  add('new state', { retain: true }, 'state').catch(() => {});
  await settle();
  expect([...results]).toEqual([
    ['one event too many', 'queue_full'],
    ['old state', 'queue_full'],
  ]);
  const { connection, texts } = fakeConnection();
  outbox.attach(connection);
  expect(texts()).toEqual(['event', 'new state']);
});

test('a message above the packet size of the broker fails alone, and those behind it are sent', async () => {
  const { outbox, add, results, lines, settle } = setup();
  add('x'.repeat(20_000), { class: 'kept' }, 'big').catch(() => {});
  add('small', { class: 'kept' }).catch(() => {});
  const { connection, texts } = fakeConnection({ maxPacketBytes: 10_000 });
  outbox.attach(connection);
  await settle();
  expect(texts()).toEqual(['small']);
  expect(results.get('x'.repeat(20_000))).toBe('too_large');
  expect(lines).toEqual([
    expect.objectContaining({ event: 'mqtt_message_too_large', topic: 'big', bytes: 20_000, max_bytes: 10_000 }),
  ]);
  await expect(add('x'.repeat(20_000), {}, 'big')).rejects.toThrow(
    /big has 20000 bytes; the broker takes at most 10000/,
  );
});

test('while the socket is busy only the latest detection per topic waits, and events go before it', () => {
  const { outbox, add, reports } = setup();
  const { connection, socket, texts } = fakeConnection();
  outbox.attach(connection);
  socket.writable = false;
  for (const text of ['a1', 'a2', 'a3']) {
    void add(text, { class: 'latest' }, 'a');
  }
  void add('b1', { class: 'latest' }, 'b');
  void add('event', { class: 'kept' });
  expect(texts()).toEqual([]);
  socket.writable = true;
  outbox.pump();
  expect(texts()).toEqual(['event', 'a3', 'b1']);
  expect(reports.counts.droppedLatest).toBe(2);
});

test.each([1, 2, 3, 20, 65_535])(
  'answers that the broker never acknowledges hold up no event (window of %i)',
  (receiveMaximum) => {
    const { outbox, add } = setup();
    const { connection, sent, texts } = fakeConnection({ receiveMaximum });
    outbox.attach(connection);
    for (let count = 0; count < 500; count += 1) {
      add(`answer ${count}`).catch(() => {});
    }
    void add('event', { class: 'kept' });
    if (receiveMaximum === 1) {
      // with a window of one even an event waits for the answer in flight, and only for that one
      sent[0]?.puback();
      return Promise.resolve().then(() => expect(texts()).toEqual(['answer 0', 'event']));
    }
    expect(texts()).toContain('event');
    expect(sent.length).toBeLessThanOrEqual(receiveMaximum);
    return undefined;
  },
);

type Step = 'kept' | 'answer' | 'latest' | 'puback' | 'drop' | 'connect' | 'busy' | 'free';

test('whatever happens, each class keeps its order, no kept message is lost, and the broker’s window is respected', async () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constant<Step>('kept') },
    { weight: 8, arbitrary: fc.constant<Step>('answer') },
    { weight: 3, arbitrary: fc.constant<Step>('latest') },
    { weight: 6, arbitrary: fc.constant<Step>('puback') },
    { weight: 1, arbitrary: fc.constantFrom<Step>('drop', 'connect', 'busy', 'free') },
  );
  const run = async (steps: Step[], receiveMaximum: number): Promise<void> => {
    const { outbox, add, results } = setup({ answer: { messages: 5, bytes: 10_000 } });
    let line: ReturnType<typeof fakeConnection> | undefined;
    const lineLog: string[][] = [];
    let open: Sent[] = [];
    const connect = (): void => {
      line = fakeConnection({ receiveMaximum });
      lineLog.push([]);
      outbox.attach(line.connection);
    };
    const drop = (): void => {
      collect();
      line = undefined;
      open = [];
      outbox.detach({ unexpected: false, reasonCode: undefined });
    };
    const collect = (): void => {
      for (const one of line?.sent.splice(0) ?? []) {
        lineLog.at(-1)?.push(one.text);
        if (one.messageId !== undefined) {
          open.push(one);
        }
      }
      expect(open.length).toBeLessThanOrEqual(receiveMaximum);
    };
    const kept: string[] = [];
    for (const [index, name] of steps.entries()) {
      const text = `${name} ${index}`;
      if (name === 'kept' || name === 'answer' || name === 'latest') {
        if (name === 'kept') {
          kept.push(text);
        }
        add(text, { class: name }, name).catch(() => {});
      } else if (name === 'puback') {
        open.shift()?.puback();
        await Promise.resolve();
        await Promise.resolve();
      } else if (name === 'drop' && line !== undefined) {
        drop();
      } else if (name === 'connect' && line === undefined) {
        connect();
      } else if (line !== undefined) {
        line.socket.writable = name === 'free';
        outbox.pump();
      }
      collect();
    }
    if (line !== undefined) {
      drop();
    }
    connect();
    for (collect(); open.length > 0; collect()) {
      open.shift()?.puback();
      await Promise.resolve();
      await Promise.resolve();
    }
    for (const sentOnOne of lineLog) {
      for (const name of ['kept', 'answer', 'latest']) {
        const numbers = sentOnOne.filter((text) => text.startsWith(name)).map((text) => Number(text.split(' ')[1]));
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      }
    }
    expect(kept.filter((text) => results.get(text) !== 'ok')).toEqual([]);
    expect(outbox.size).toBe(0);
    expect(outbox.bytes).toBe(0);
  };
  const steps = fc.array(step, { maxLength: 120 });
  await fc.assert(fc.asyncProperty(steps, fc.constantFrom(1, 2, 3, 5, 65_535), run), { numRuns: 300 });
});
