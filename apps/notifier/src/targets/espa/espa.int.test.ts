import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { systemClock } from '@vigilia/service';
import { captureLogger, eventually, freePort, requires } from '@vigilia/testing';
import type { AlertCase } from '../../alerts/alert-case.ts';
import { compose } from '../../alerts/compose.ts';
import { espaSchema } from '../../config/espa-schema.ts';
import { type EspaPagingSystem, startEspaPagingSystem } from '../../test-support/espa-paging-system.ts';
import type { Step } from '../alert-message.ts';
import type { Target } from '../target.ts';
import { control, type EspaBlock, encodeBlock, readTokens, record } from './block.ts';
import { createEspa } from './espa.ts';
import type { Line } from './line.ts';
import { EspaLink } from './link.ts';

const fall: AlertCase = {
  key: 'inc-1',
  kind: 'fall',
  openedMs: 0,
  happenedAt: '2026-01-01T10:02:00.000Z',
  sourceId: 2,
  roomName: 'Doña Úrsula',
  acknowledged: { at: '2026-01-01T10:03:00.000Z', by: 'Ana' },
};
const other: AlertCase = { ...fall, key: 'inc-2', sourceId: 3, roomName: 'Sr. Gil' };
const style = { language: 'es', timeZone: 'UTC' } as const;

requires('espa')('with a paging system of another author', () => {
  let system: EspaPagingSystem | undefined;
  let target: Target | undefined;
  afterEach(async () => {
    target?.link?.stop();
    await system?.stop();
  });
  const connect = async (mode: 'tcp' | 'serial', options?: { damage: boolean }, settings = {}) => {
    system = await startEspaPagingSystem(mode, options);
    const parsed = espaSchema.parse({
      type: 'espa',
      ...system.line,
      call_address: '101',
      room_addresses: { '7': '107' },
      ...settings,
    });
    target = createEspa('pagers', parsed, systemClock);
    return target;
  };
  const send = (one: AlertCase, step: Step) =>
    target?.send(compose(one, step, 'pagers', style), AbortSignal.timeout(100_000));
  const calls = () =>
    system?.calls.map(({ 1: address, 2: text, 4: type, 6: priority }) => [address, text, type, priority]);

  test.each(['tcp', 'serial'] as const)(
    'a fall calls the pager over %s, and the call ends when help is on its way',
    async (mode) => {
      await connect(mode);
      await send(fall, 'raised');
      await send({ ...fall, sourceId: 7 }, 'raised');
      await send({ ...fall, kind: 'blind' }, 'raised');
      await send(fall, 'acknowledged');
      await eventually(() =>
        expect(calls()).toEqual([
          ['101', 'Caida: Dona Ursula (habitacion 2)', '3', '1'],
          ['107', 'Caida: Dona Ursula (habitacion 7)', '3', '1'],
          ['101', expect.stringContaining('Camara'), '3', '2'],
          ['101', 'Caida: Dona Ursula (habitacion 2)', '1', '3'],
        ]),
      );
      expect(target?.link?.lostForMs()).toBeUndefined();
    },
  );

  test('a call that arrives damaged is sent again, and arrives once', async () => {
    await connect('tcp', { damage: true });
    await send(fall, 'raised');
    await eventually(() => expect(calls()).toEqual([['101', 'Caida: Dona Ursula (habitacion 2)', '3', '1']]));
  });

  test('the call of one room is not cancelled by the help for another room with the same address', async () => {
    await connect('tcp');
    await send(other, 'raised');
    await send(fall, 'raised');
    await send(fall, 'closed');
    await eventually(() =>
      expect(calls()?.slice(2)).toEqual([
        ['101', 'Caida: Dona Ursula (habitacion 2)', '1', '3'],
        ['101', 'Caida: Sr. Gil (habitacion 3)', '3', '1'],
      ]),
    );
  });

  test('steps that do not cancel send nothing', async () => {
    await connect('tcp', undefined, { cancel_on: ['closed'] });
    await send(fall, 'raised');
    await send(fall, 'acknowledged');
    await send(fall, 'closed');
    await eventually(() => expect(calls()?.map((call) => call[2])).toEqual(['3', '1']));
  });

  test('a link that is lost is known within its time, and works again without a restart', async () => {
    await connect('tcp', undefined, { link_timeout_s: 5, poll_interval_s: 1 });
    await send(fall, 'raised');
    const port = system !== undefined && 'port' in system.line ? system.line.port : 0;
    await system?.stop();
    await eventually(() => expect(target?.link?.lostForMs()).toBeGreaterThan(0));
    await expect(send(fall, 'acknowledged')).rejects.toMatchObject({ code: 'unreachable' });
    system = await startEspaPagingSystem('tcp', { port });
    await eventually(() => expect(target?.link?.lostForMs()).toBeUndefined());
    await send(fall, 'acknowledged');
    await eventually(() => expect(calls()?.map((call) => call[2])).toEqual(['1']));
  });
});

test('a cancellation that the nurse-call system refuses counts as done, because the call has ended there', async () => {
  await using system = await startRefusingSystem();
  const { logger, lines } = captureLogger();
  const settings = espaSchema.parse({ type: 'espa', host: '127.0.0.1', port: system.port, call_address: '101' });
  const target = createEspa('pagers', settings, systemClock, logger);
  const send = (one: AlertCase, step: Step) =>
    target.send(compose(one, step, 'pagers', style), AbortSignal.timeout(100_000));
  try {
    await send(other, 'raised');
    await send(fall, 'raised');
    await send(fall, 'acknowledged');
    await expect(send(fall, 'closed')).resolves.toBeUndefined();
    // a refused cancellation has ended no call of the same address, so none is called again
    expect(system.callTypes).toEqual(['3', '3', '1', '1']);
    expect(lines).toContainEqual(expect.objectContaining({ event: 'espa_cancel_refused', target: 'pagers' }));
  } finally {
    target.link?.stop();
  }
});

/** A nurse-call system that accepts each call and refuses each cancellation with NAK 3. */
async function startRefusingSystem() {
  const callTypes: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      for (const token of readTokens(bytes).tokens) {
        if (token.kind === 'enquiry' && token.address === '2') {
          socket.write(Uint8Array.of(control.ack));
        }
        if (token.kind !== 'block') continue;
        const type = new Map(token.block.records).get(record.callType) ?? '';
        callTypes.push(type);
        socket.write(type === '1' ? Uint8Array.of(0x33, control.nak) : Uint8Array.of(control.ack));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    callTypes,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

test('a polled station calls over TCP when the control station asks it, and reads the status of the call', async () => {
  const received: EspaBlock[] = [];
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The control station of the nurse-call system: it polls once a second.
  const system = new EspaLink({
    line: acceptingLine(server),
    station: { role: 'control', address: '1', peer: '2', replyTimeoutMs: 2000, attempts: 3 },
    pollIntervalMs: 1000,
    linkTimeoutMs: 30_000,
    clock: systemClock,
    onBlock: (block) => void received.push(block),
  });
  const { port } = server.address() as AddressInfo;
  const { logger, lines } = captureLogger();
  const settings = espaSchema.parse({ type: 'espa', host: '127.0.0.1', port, call_address: '101', role: 'station' });
  const target = createEspa('pagers', settings, systemClock, logger);
  try {
    system.start();
    target.link?.start();
    await target.send(compose(fall, 'raised', 'pagers', style), AbortSignal.timeout(100_000));
    expect(received[0]?.records.slice(0, 2)).toEqual([
      ['1', '101'],
      ['2', 'Caida: Dona Ursula (habitacion 2)'],
    ]);
    const status = encodeBlock({
      header: '2',
      records: [
        ['1', '101'],
        ['7', '3'],
      ],
    });
    await system.send(status, AbortSignal.timeout(100_000));
    expect(lines).toContainEqual(
      expect.objectContaining({ event: 'espa_status', call_address: '101', call_status: 'paged' }),
    );
  } finally {
    target.link?.stop();
    system.stop();
    server.close();
  }
});

/** The other end of a TCP line: open once a client has connected. */
function acceptingLine(server: Server): Line {
  return {
    open: ({ onOpen, onData, onClose }) => {
      let socket: Socket | undefined;
      server.once('connection', (accepted) => {
        socket = accepted;
        accepted.on('data', onData);
        accepted.on('error', () => undefined);
        accepted.on('close', () => onClose(undefined));
        onOpen();
      });
      return { write: (bytes) => void socket?.write(bytes), close: () => void socket?.destroy() };
    },
  };
}

test('a system that is switched off is reported at once, in words that help', async () => {
  const settings = espaSchema.parse({ type: 'espa', host: '127.0.0.1', port: await freePort(), call_address: '1' });
  const target = createEspa('pagers', settings, systemClock);
  const sending = target.send(compose(fall, 'raised', 'pagers', style), AbortSignal.timeout(100_000));
  await expect(sending).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('ECONNREFUSED'),
  });
  target.link?.stop();
});

test('a serial port that does not exist is reported at once', async () => {
  const settings = espaSchema.parse({ type: 'espa', serial: { path: '/dev/no-such-port' }, call_address: '1' });
  const target = createEspa('pagers', settings, systemClock);
  const sending = target.send(compose(fall, 'raised', 'pagers', style), AbortSignal.timeout(100_000));
  await expect(sending).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining('ENOENT') });
  target.link?.stop();
});
