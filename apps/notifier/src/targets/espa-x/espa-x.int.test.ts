import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endProcess, systemClock } from '@vigilia/service';
import { captureLogger, eventually, requires } from '@vigilia/testing';
import type { AlertCase } from '../../alerts/alert-case.ts';
import { compose } from '../../alerts/compose.ts';
import { espaXSchema } from '../../config/espa-x-schema.ts';
import type { Step } from '../alert-message.ts';
import type { AcceptedCall, Target } from '../target.ts';
import { createEspaX } from './espa-x.ts';

const program = fileURLToPath(new URL('../../test-support/espa-x-server.py', import.meta.url));
const fall: AlertCase = {
  key: 'inc-1',
  kind: 'fall',
  openedMs: 0,
  happenedAt: '2026-01-01T10:02:00.000Z',
  sourceId: 2,
  incidentId: 'inc-1',
  roomName: 'Doña Úrsula <1>',
};

interface Report {
  readonly event: string;
  readonly port?: number;
  readonly name?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly number_in_header?: boolean;
}

requires('espa')('with an alarm server written in Python', () => {
  let server: ChildProcess;
  let output = '';
  let target: Target | undefined;
  const accepted: AcceptedCall[] = [];
  const { logger, lines } = captureLogger();
  const reports = () =>
    output
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Report);
  const requests = (name: string) => reports().filter((one) => one.name === name);

  beforeEach(() => {
    output = '';
    accepted.length = 0;
    server = spawn('python3', [program, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    server.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  });
  afterEach(async () => {
    target?.link?.stop();
    await endProcess(server);
  });
  const connect = async (settings = {}, password = 'hush-hush') => {
    const port = await eventually(() => {
      const found = reports()[0]?.port;
      if (found === undefined) throw new Error('the server has not started');
      return found;
    });
    const line = { type: 'espa-x', host: '127.0.0.1', port, user: 'vigilia', password_env: 'P' };
    const parsed = espaXSchema.parse({
      ...line,
      to: { group: 'ward-1' },
      rooms: { '7': { phone: '4711' } },
      ...settings,
    });
    target = createEspaX('alarm-server', parsed, password, {
      clock: systemClock,
      logger,
      onAccepted: (call) => void accepted.push(call),
    });
    return target;
  };
  const composed = (one: AlertCase, step: Step) =>
    compose(one, step, 'alarm-server', { language: 'en', timeZone: 'UTC' });
  const send = (one: AlertCase, step: Step) => target?.send(composed(one, step), AbortSignal.timeout(60_000));

  test('a fall starts a call with its priority, which a repetition joins and the acknowledgment stops', async () => {
    await connect();
    await send(fall, 'raised');
    await send(fall, 'escalated_120');
    await send({ ...fall, key: 'blind-7', sourceId: 7, kind: 'blind' }, 'raised');
    await send(fall, 'acknowledged');
    await send(fall, 'closed');
    await eventually(() => expect(requests('REQ.P-STOP')).toHaveLength(2));
    const [first, again, other] = requests('REQ.P-START').map(({ fields }) => fields);
    expect(first).toMatchObject({
      'CP-PR-REF': expect.stringMatching(/^[0-9a-f]{32}$/),
      'CP-GROUPID': 'ward-1',
      'CP-PRIO': 'Emergency',
      'CP-SIGNAL': 'Emergency',
      'CP-CALLINGNAME': 'Doña Úrsula <1>',
      'CP-TEXTMSG': expect.stringMatching(/^Fall: Doña Úrsula <1> \(room 2\)\. /),
    });
    expect(again?.['CP-PR-REF']).toBe(first?.['CP-PR-REF']);
    expect(other).toMatchObject({ 'CP-PHONENO': '4711', 'CP-PRIO': 'High' });
    expect(other).not.toHaveProperty('CP-GROUPID');
    expect(requests('REQ.P-STOP').map(({ fields }) => fields)).toEqual([
      { 'CP-PR-REF': first?.['CP-PR-REF'], 'CP-PR-MASK': 'All' },
      { 'CP-PR-REF': first?.['CP-PR-REF'], 'CP-PR-MASK': 'All' },
    ]);
    expect(
      reports()
        .slice(1)
        .every(({ number_in_header: same }) => same),
    ).toBe(true);
  });

  test('a person who accepts the call on the telephone is reported with the incident and the name', async () => {
    await connect();
    await send({ ...fall, roomName: 'accept' }, 'raised');
    await eventually(() => expect(accepted).toEqual([{ incidentId: 'inc-1', by: 'Ana & Eva' }]));
    expect(lines).toContainEqual(
      expect.objectContaining({ event: 'espa_status', call_status: 'Accepted', person: 'Ana & Eva' }),
    );
  });

  test('a person whom the alarm server does not name accepts as the target, because an empty name would be refused', async () => {
    await connect();
    await send({ ...fall, roomName: 'accept unnamed' }, 'raised');
    await eventually(() => expect(accepted).toEqual([{ incidentId: 'inc-1', by: 'alarm-server' }]));
  });

  test('a person who accepts a call from before a restart of the notifier is reported with the incident', async () => {
    await connect();
    await send(fall, 'raised');
    target?.link?.stop();
    const restarted = await connect();
    restarted.recall?.(composed(fall, 'raised'));
    restarted.link?.start();
    await eventually(() => expect(requests('REQ.LOGIN')).toHaveLength(2));
    server.kill('SIGUSR2');
    await eventually(() => expect(accepted).toEqual([{ incidentId: 'inc-1', by: 'Ana & Eva' }]));
  });

  test('a wrong password is reported as such, and never repeated in the error', async () => {
    await connect({}, 'not-this-one');
    const error: unknown = await send(fall, 'raised')?.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('401') });
    expect(JSON.stringify(error) + JSON.stringify(lines)).not.toContain('not-this-one');
    expect(target?.link?.lostForMs()).toBeDefined();
  });

  test('a server that hangs is noticed by its heartbeat, without a call', async () => {
    await connect({ heartbeat_s: 1, link_timeout_s: 3 });
    await send(fall, 'raised');
    await eventually(() => expect(requests('REQ.HEARTBEAT').length).toBeGreaterThan(1));
    expect(target?.link?.lostForMs()).toBeUndefined();
    server.kill('SIGUSR1');
    await eventually(() => expect(target?.link?.lostForMs()).toBeGreaterThan(3000));
  });
});
