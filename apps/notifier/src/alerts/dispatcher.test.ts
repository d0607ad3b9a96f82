import { captureLogger, FakeClock } from '@vigilia/testing';
import { SendError, type Target } from '../targets/target.ts';
import { composeTest } from './compose.ts';
import { Dispatcher } from './dispatcher.ts';
import type { Delivery } from './memory.ts';
import { TargetHealth } from './target-health.ts';

const down = () => new SendError({ code: 'unreachable', message: 'no answer', remedy: 'look' });
const delivery = (target: string, step: Delivery['step'] = 'raised', critical = true): Delivery => ({
  id: `case/${step}/${target}/${critical}`,
  caseKey: 'case',
  target,
  step,
  critical,
  state: 'pending',
  begun: false,
  createdMs: 0,
});

/** Targets whose answers a test decides, around a dispatcher with a clock that stands still. */
function setUp(send: Record<string, (id: string) => Promise<void>>, deliveries: Delivery[]) {
  const clock = new FakeClock();
  const sent: string[] = [];
  const dropped: string[] = [];
  const attempts: string[] = [];
  const health = new TargetHealth();
  const { logger, lines } = captureLogger();
  const targets = new Map(
    Object.entries(send).map(([name, answer]): [string, Target] => [
      name,
      {
        name,
        type: 'webhook',
        timeoutMs: 10_000,
        send: (message, signal) =>
          Promise.race([
            answer(message.title),
            new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
          ]),
      },
    ]),
  );
  const dispatcher = new Dispatcher({
    targets,
    clock,
    logger,
    health,
    pending: () => deliveries.filter(({ id }) => !sent.includes(id) && !dropped.includes(id)),
    compose: ({ id, target }) => ({
      ...composeTest(target, 'n', '2026-01-01T00:00:00.000Z', { language: 'en', timeZone: 'UTC' }),
      title: id,
    }),
    onBegun: async () => undefined,
    onSent: async ({ id }) => void sent.push(id),
    onDropped: async ({ id }) => void dropped.push(id),
    onAttempt: (target, outcome) => void attempts.push(`${target} ${outcome}`),
  });
  return { dispatcher, clock, sent, attempts, health, lines };
}

test('a target that never answers delays no other, and is reported as down', async () => {
  const { dispatcher, clock, sent, health, lines } = setUp(
    { dead: () => new Promise(() => undefined), well: async () => undefined },
    [delivery('dead'), delivery('well')],
  );
  dispatcher.wake();
  await clock.advance(0);
  expect(sent).toEqual([delivery('well').id]);
  await clock.advance(10_000);
  expect(health.state('dead', 1)).toMatchObject({ ok: false, code: 'timeout' });
  expect(lines.map(({ event }) => event)).toContain('alert_not_sent');
});

test('a picture that is not accepted is tried once, and its target does not count as down', async () => {
  const { dispatcher, clock, attempts, health, lines } = setUp({ a: async () => Promise.reject(down()) }, [
    delivery('a', 'replay', false),
  ]);
  dispatcher.wake();
  await clock.advance(3_600_000);
  expect(attempts).toEqual(['a failed']);
  expect(health.state('a', 0)).toEqual({ ok: true, pending: 0 });
  expect(lines).toMatchObject([{ level: 'WARN', event: 'picture_not_sent', code: 'unreachable' }]);
});

test('tries again with growing, scattered pauses until it gets through', async () => {
  let works = false;
  const { dispatcher, clock, sent, attempts, health } = setUp(
    { a: async () => (works ? undefined : Promise.reject(down())) },
    [delivery('a')],
  );
  dispatcher.wake();
  await clock.advance(600_000);
  const tried = attempts.length;
  expect(tried).toBeGreaterThan(8);
  expect(tried).toBeLessThan(25);
  works = true;
  await clock.advance(60_000);
  expect(sent).toHaveLength(1);
  expect(health.state('a', 0)).toEqual({ ok: true, pending: 0 });
});

test('a warning that cannot be sent is in front of no fall, nor of another warning', async () => {
  const warning = delivery('a', 'raised', false);
  const other = { ...delivery('a', 'closed', false) };
  const { dispatcher, clock, sent } = setUp(
    { a: async (id) => (id === warning.id ? Promise.reject(down()) : undefined) },
    [warning, other, delivery('a')],
  );
  dispatcher.wake();
  await clock.advance(100);
  expect(sent.sort()).toEqual([other.id, delivery('a').id].sort());
});

test('a new alarm is tried before those that a slow target has not taken', async () => {
  const waiting = Array.from({ length: 20 }, (_, index) => ({ ...delivery('a'), id: `slow ${index}` }));
  const deliveries = [...waiting];
  const { dispatcher, clock, sent } = setUp(
    { a: (id) => (id.startsWith('slow') ? new Promise(() => undefined) : Promise.resolve()) },
    deliveries,
  );
  dispatcher.wake();
  for (let second = 0; second < 400; second += 1) {
    await clock.advance(1000);
  }
  deliveries.push({ ...delivery('a'), id: 'new' });
  dispatcher.wake();
  for (let second = 0; second < 11; second += 1) {
    await clock.advance(1000);
  }
  expect(sent).toEqual(['new']);
});

test('a stop cuts what is under way, which is then not counted as sent', async () => {
  const { dispatcher, clock, sent } = setUp({ a: () => new Promise(() => undefined) }, [delivery('a')]);
  dispatcher.wake();
  await clock.advance(0);
  const stopped = dispatcher.stop();
  await clock.advance(3000);
  await stopped;
  expect(sent).toEqual([]);
});
