import { FakeClock } from '@vigilia/testing';
import { type EspaBlock, encodeBlock } from './block.ts';
import type { Line, LineEvents } from './line.ts';
import { EspaLink } from './link.ts';

/** The other end of a line, in the hands of the test. */
class FakeLine implements Line {
  readonly written: string[] = [];
  opened = 0;
  #events: LineEvents | undefined;

  open(events: LineEvents) {
    this.opened += 1;
    this.#events = events;
    return {
      write: (bytes: Uint8Array) => void this.written.push(Buffer.from(bytes).toString('latin1')),
      close: () => undefined,
    };
  }
  connect(): void {
    this.#events?.onOpen();
  }
  cut(code?: string): void {
    this.#events?.onClose(code);
  }
  says(text: string): void {
    this.#events?.onData(Buffer.from(text, 'latin1'));
  }
}

function setUp(role: 'control' | 'station') {
  const [address, peer] = role === 'control' ? ['1', '2'] : ['2', '1'];
  const clock = new FakeClock();
  const line = new FakeLine();
  const blocks: EspaBlock[] = [];
  const link = new EspaLink({
    line,
    clock,
    station: { role, address, peer, replyTimeoutMs: 2000, attempts: 3 },
    pollIntervalMs: 10_000,
    linkTimeoutMs: 30_000,
    onBlock: (block) => void blocks.push(block),
  });
  link.start();
  line.connect();
  return { clock, line, link, blocks };
}
const call = encodeBlock({ header: '1', records: [['1', '101']] });
const callText = Buffer.from(call).toString('latin1');
const forever = new AbortController().signal;

test('a polled station sends its call at the next poll, and is lost when the polls stop', async () => {
  const { clock, line, link } = setUp('station');
  line.says('2\x05');
  expect(line.written).toEqual(['\x04']);
  const sending = link.send(call, forever);
  line.says('2\x05');
  line.says('\x06');
  line.says('\x06');
  await sending;
  expect(line.written).toEqual(['\x04', '1\x05', callText, '\x04']);
  await clock.advance(30_000);
  expect(link.lostForMs).toBeUndefined();
  await clock.advance(1000);
  expect(link.lostForMs).toBe(31_000);
  await expect(link.send(call, forever)).rejects.toMatchObject({ code: 'unreachable' });
  line.says('2\x05');
  expect(link.lostForMs).toBeUndefined();
});

test('the control station knows from its polls that the other one has gone, and reads what it reports', async () => {
  const { clock, line, link, blocks } = setUp('control');
  expect(line.written).toEqual(['2\x05']);
  line.says('1\x05');
  const status = { header: '2', records: [['7', '3']] } as const;
  line.says(Buffer.from(encodeBlock(status)).toString('latin1'));
  line.says('\x04');
  expect(line.written).toEqual(['2\x05', '\x06', '\x06']);
  expect(blocks).toEqual([status]);
  await clock.advance(31_000);
  expect(line.written.filter((text) => text === '2\x05')).toHaveLength(4);
  expect(link.lostForMs).toBe(31_000);
});

test('calls go out one after the other, and one that is given up does not hold up the next', async () => {
  const { clock, line, link } = setUp('control');
  line.says('\x04');
  await clock.advance(500);
  const first = new AbortController();
  const given = link.send(call, first.signal);
  const second = link.send(call, forever);
  first.abort(new Error('too late'));
  await expect(given).rejects.toThrow('too late');
  await clock.advance(500);
  line.says('\x06');
  line.says('\x06');
  await second;
  expect(line.written.filter((text) => text === callText)).toHaveLength(1);
});

test('a line that is cut fails what waits, is opened again, and is lost until then', async () => {
  const { clock, line, link } = setUp('control');
  const sending = link.send(call, forever);
  line.cut('ECONNRESET');
  await expect(sending).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('ECONNRESET') });
  expect(link.lostForMs).toBe(0);
  await clock.advance(2000);
  expect(line.opened).toBe(2);
  line.connect();
  expect(link.lostForMs).toBeUndefined();
});

test('a line whose other end vanished without a word is opened again', async () => {
  const { clock, line, link } = setUp('control');
  line.says('\x04');
  for (let second = 0; second < 45; second += 1) {
    await clock.advance(1000);
  }
  expect(link.lostForMs).toBeGreaterThan(30_000);
  expect(line.opened).toBe(2);
  line.connect();
  line.says('\x04');
  expect(link.lostForMs).toBeUndefined();
});

test('a link that was stopped stays closed', async () => {
  const { clock, line, link } = setUp('control');
  link.stop();
  line.cut();
  await clock.advance(120_000);
  expect([line.opened, clock.pending]).toEqual([1, 0]);
});
