import { captureLogger, FakeClock } from '@vigilia/testing';
import { ConnectFailures } from './connect-failures.ts';
import { ConnectError } from './connection.ts';

function setup() {
  const { logger, lines } = captureLogger();
  const clock = new FakeClock();
  const failures = new ConnectFailures({ logger, clock });
  return { failures, clock, lines, events: () => lines.map((line) => line.event) };
}

test('an outage is logged once, again after five minutes, and again after a recovery', async () => {
  const { failures, clock, lines, events } = setup();
  for (let attempt = 0; attempt < 100; attempt++) {
    failures.failed(new Error('ECONNREFUSED'), 'mqtt://u:hunter2@h');
    await clock.advance(2900);
  }
  expect(events()).toEqual(['mqtt_unreachable']);
  await clock.advance(10_000);
  failures.failed(new Error('ECONNREFUSED'), 'mqtt://u:hunter2@h');
  expect(lines[1]).toMatchObject({ attempts: 101, cause: 'ECONNREFUSED', url: 'mqtt://***@h' });
  failures.connected();
  failures.failed(new Error('ECONNREFUSED'), 'mqtt://u:hunter2@h');
  expect(events()).toHaveLength(3);
});

test.each([4, 5, 0x86, 0x87])('code %i is a matter of credentials', (code) => {
  const { failures, events } = setup();
  failures.failed(new ConnectError('Connection refused', code, undefined), 'mqtt://u:hunter2@h');
  expect(events()).toEqual(['mqtt_refused']);
});

test('another cause is logged at once', () => {
  const { failures, lines } = setup();
  failures.failed(new Error('ECONNREFUSED'), 'mqtt://u:hunter2@h');
  failures.failed(new Error('ENOTFOUND'), 'mqtt://u:hunter2@h');
  expect(lines.map((line) => line.cause)).toEqual(['ECONNREFUSED', 'ENOTFOUND']);
});
