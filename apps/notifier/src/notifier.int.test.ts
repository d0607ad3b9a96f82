import { readFile, writeFile } from 'node:fs/promises';
import { type AlertState, createTopics } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import {
  connectBus,
  eventually,
  freePort,
  type Mosquitto,
  requires,
  startMosquitto,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { startConnectProxy } from './test-support/connect-proxy.ts';
import { type HttpReceiver, startHttpReceiver } from './test-support/http-receiver.ts';
import { type MailReceiver, startMailReceiver } from './test-support/mail-receiver.ts';
import { type NotifierProcess, startNotifier } from './test-support/notifier-process.ts';
import { acknowledged, closed, incident } from './test-support/samples.ts';

const topics = createTopics('nvr');

requires('mosquitto')('the notifier', () => {
  let mosquitto: Mosquitto;
  let bus: Bus;
  let phone: HttpReceiver;
  let hook: HttpReceiver;
  let mail: MailReceiver;
  let folder: TempFolder;
  let running: NotifierProcess | undefined;
  let count = 0;

  beforeAll(async () => {
    mosquitto = await startMosquitto();
    bus = await connectBus(mosquitto.url);
  });
  afterAll(async () => {
    await bus?.stop();
    await mosquitto?.stop();
  });
  beforeEach(async () => {
    count += 1;
    folder = await tempFolder('notifier');
    [phone, hook, mail] = await Promise.all([startHttpReceiver(), startHttpReceiver(), startMailReceiver()]);
  });
  afterEach(async () => {
    await running?.kill();
    await bus.publish(topics.incident(incidentId()), '', { retain: true });
    await Promise.all([phone.stop(), hook.stop(), mail.stop(), folder.remove()]);
  });

  /** Its own client id and rooms a test, as the broker is shared. */
  const room = () => 100 + count;
  const incidentId = () => `inc-${count}`;
  const publish = (change: Parameters<typeof incident>[0] = {}) => {
    const body = incident({ incident_id: incidentId(), source_id: room(), ...change });
    return bus.publish(topics.incident(incidentId()), body, { retain: true });
  };
  const start = async (rules: string, extra: string[] = [], env: Record<string, string> = {}) => {
    const targets = [
      `phone: { type: ntfy, server: "${phone.url}", topic: ward, timeout_s: 100 }`,
      `hook: { type: webhook, url: "${hook.url}", secret_file: secret, timeout_s: 100 }`,
      `nurse: { type: email, host: 127.0.0.1, port: ${mail.port}, security: none, from: v@house.example, to: [n@x.example], timeout_s: 100 }`,
      `gone: { type: ntfy, server: "http://127.0.0.1:${await freePort()}", topic: ward }`,
    ];
    await writeFile(folder.file('secret'), 'hush');
    await writeFile(
      folder.file('alerts.yaml'),
      `targets:\n${targets.map((one) => `  ${one}\n`).join('')}rules:\n${rules}`,
    );
    const flags = ['--alerts', folder.file('alerts.yaml'), '--state-dir', folder.file('state')];
    const connection = ['--mqtt-url', mosquitto.url, '--instance-id', `notifier-${count}`];
    running = await startNotifier([...flags, ...connection, ...extra], env);
    return running;
  };
  const own = (server: HttpReceiver) => server.requests.filter(({ text }) => text.includes(`(room ${room()})`));
  const titles = (server: HttpReceiver) => own(server).map(({ body }) => String(body.title));
  const toBe = (fn: () => unknown, wanted: unknown) =>
    eventually(() => expect(fn()).toEqual(wanted), { timeoutMs: 60_000 });

  test('reaches its targets through the proxy of the environment, where a firewall lets nothing else out', async () => {
    await using proxy = await startConnectProxy();
    await start('  - { severity: critical, to: [phone, nurse] }\n', [], { HTTP_PROXY: proxy.url });
    await publish();
    await toBe(() => titles(phone), [`Fall: Mrs C (room ${room()})`]);
    await toBe(() => mail.mails.map(({ headers }) => headers.subject), [`Fall: Mrs C (room ${room()})`]);
    expect(proxy.tunnels).toEqual(expect.arrayContaining([`127.0.0.1:${phone.port}`, `127.0.0.1:${mail.port}`]));
  });

  test('ends in order within seconds while the broker hangs', async () => {
    const hanging = await startMosquitto();
    const args = ['--home-assistant', '--state-dir', folder.file('state'), '--mqtt-url', hanging.url];
    const notifier = await startNotifier(args);
    try {
      process.kill(hanging.pid, 'SIGSTOP');
      const began = performance.now();
      expect(await notifier.stop()).toBe(0);
      expect(performance.now() - began).toBeLessThan(8000);
    } finally {
      process.kill(hanging.pid, 'SIGCONT');
      await hanging.stop();
    }
  });

  test('a fall reaches phone, webhook and mail, though a fourth target is down; then who goes, and how it ended', async () => {
    const health = await freePort();
    const notifier = await start('  - { severity: critical, to: [gone, phone, hook, nurse] }\n', [
      '--health-port',
      `${health}`,
    ]);
    await publish();
    await toBe(() => titles(phone), [`Fall: Mrs C (room ${room()})`]);
    await toBe(() => own(hook).map(({ body }) => body.step), ['raised']);
    await toBe(() => mail.mails.map(({ headers }) => headers.subject), [`Fall: Mrs C (room ${room()})`]);
    const report = await eventually(async () => {
      const answer = await fetch(`http://127.0.0.1:${health}/healthz`);
      const body = (await answer.json()) as { targets: Record<string, unknown> };
      expect(body.targets).toMatchObject({
        phone: { ok: true },
        gone: { ok: false, code: 'unreachable', pending: 1 },
      });
      return body;
    });
    expect(JSON.stringify(report)).not.toContain('hush');
    expect(await (await fetch(`http://127.0.0.1:${health}/metrics`)).text()).toMatch(
      /vigilia_alert_target_up\{target="gone",.*\} 0/,
    );
    await publish(acknowledged('Ana'));
    await toBe(
      () => own(hook).map(({ body }) => [body.step, body.by]),
      [
        ['raised', undefined],
        ['acknowledged', 'Ana'],
      ],
    );
    await publish(closed('Ana'));
    await toBe(() => own(hook).at(-1)?.body, expect.objectContaining({ step: 'closed', outcome: 'helped', by: 'Ana' }));
    await toBe(() => mail.mails.length, 3);
    await toBe(() => titles(phone).length, 3);
    expect(new Set(mail.mails.map(({ headers }) => headers.references)).size).toBe(1);
    expect(await notifier.stop()).toBe(0);
    expect(notifier.output()).not.toContain('hush');
  });

  test('no one answers: the second target is called; after that only those two hear of the end', async () => {
    await start(
      '  - { severity: critical, to: [phone], escalate: [{ after_s: 2, to: [hook] }] }\n  - { severity: info, to: [nurse] }\n',
    );
    await publish();
    await toBe(() => own(hook).map(({ body }) => body.step), ['escalated_2']);
    await publish(closed());
    await toBe(() => own(hook).map(({ body }) => body.step), ['escalated_2', 'closed']);
    await toBe(() => titles(phone).length, 2);
    expect(mail.mails).toEqual([]);
  });

  test('no one answers: the list starts again and again, also after a restart, and the page can read who was notified', async () => {
    const rules = '  - { severity: critical, to: [hook] }\nalarm: { repeat_s: 5, return_s: 5 }\n';
    const alert = () => retained.get(topics.alert(incidentId())) as AlertState | undefined;
    const retained = new Map<string, unknown>();
    const reader = await connectBus(mosquitto.url);
    await reader.subscribe(topics.alertAny, ({ topic, payload }) => {
      if (payload.length === 0) {
        retained.delete(topic);
      } else {
        retained.set(topic, JSON.parse(payload.toString()));
      }
    });
    const first = await start(rules);
    await publish();
    const steps = () => own(hook).map(({ body }) => String(body.step).replace(/_.*/, ''));
    await toBe(steps, ['raised', 'repeated']);
    await first.kill();
    await start(rules);
    // what was being sent when it was killed is sent again, with the same key
    const keys = () => new Set(own(hook).map(({ headers }) => headers['idempotency-key']));
    await toBe(() => keys().size >= 3, true);
    expect(new Set(steps())).toEqual(new Set(['raised', 'repeated']));
    await eventually(() => {
      expect(alert()).toMatchObject({ stage: 'repeated', next: { step: 'repeated', targets: ['hook'] } });
      expect(alert()?.notified[0]).toMatchObject({ target: 'hook', step: 'raised', state: 'sent', fall: 1 });
    });
    await publish({ ...acknowledged('Ana'), person: 'down' });
    await eventually(() => expect(alert()).toMatchObject({ stage: 'acknowledged', acknowledged: { by: 'Ana' } }));
    await toBe(() => steps().at(-1), 'returned');
    await publish(closed('Ana'));
    await eventually(() => expect(alert()).toMatchObject({ stage: 'closed', outcome: 'helped' }), {
      timeoutMs: 60_000,
    });
    await toBe(() => steps().at(-1), 'closed');
    expect(alert()?.next).toBeUndefined();
    await reader.stop();
  });

  test('a drill with alerts notifies as a fall does, is labelled, and is reported once with who reacted when', async () => {
    const reports: Record<string, unknown>[] = [];
    await bus.subscribe(
      topics.event('drill_report'),
      ({ payload }) => void reports.push(JSON.parse(payload.toString())),
    );
    await start(
      '  - { severity: critical, kinds: [fall], to: [hook] }\n  - { severity: critical, drills: false, to: [phone] }\n',
    );
    const drill = { drill: true, with_alerts: true, opened_at: new Date().toISOString() };
    await publish(drill);
    await toBe(
      () => own(hook).map(({ body }) => [body.step, body.severity, body.drill]),
      [['raised', 'critical', true]],
    );
    expect(own(hook)[0]?.body.title).toMatch(/^DRILL · /);
    const at = new Date().toISOString();
    const by = [
      { who: 'Ana', what: 'acknowledge', at, via: 'push' as const },
      { who: 'Ana', what: 'resolve', at },
    ];
    await publish({ ...drill, state: 'closed', outcome: 'drill', closed_at: at, acknowledged_at: at, by });
    await eventually(() => expect(reports).toHaveLength(1), { timeoutMs: 60_000 });
    expect(reports[0]).toMatchObject({
      source_id: room(),
      notified: [{ target: 'hook', step: 'raised', after_ms: expect.any(Number) }],
      reactions: [
        { who: 'Ana', what: 'acknowledge', via: 'push' },
        { who: 'Ana', what: 'resolve' },
      ],
      first_acknowledged_ms: expect.any(Number),
    });
    expect(titles(phone)).toEqual([]);
  });

  test('the report of a drill that a real fall interrupted states that reason', async () => {
    const reports: Record<string, unknown>[] = [];
    await bus.subscribe(topics.event('drill_report'), (message) => {
      const report = message.json() as Record<string, unknown>;
      if (report.incident_id === incidentId()) {
        reports.push(report);
      }
    });
    await start('  - { severity: critical, kinds: [fall], to: [hook] }\n');
    const drill = { drill: true, with_alerts: true, opened_at: new Date().toISOString() };
    await publish(drill);
    await toBe(() => own(hook).length, 1);
    const note = 'a real fall was reported in the room';
    await publish({ ...drill, state: 'closed', outcome: 'drill', closed_at: new Date().toISOString(), note });
    await eventually(() => expect(reports).toMatchObject([{ reason: note }]), { timeoutMs: 60_000 });
  });

  test('a reminder of a fall whose report was lost raises its alarm', async () => {
    await start('  - { severity: critical, to: [phone] }\n');
    await bus.publish(topics.event('fall_reminder'), {
      event_id: `reminder-${count}`,
      event: 'fall_reminder',
      source_id: room(),
      instance_id: 'processor-a',
      timestamp: new Date().toISOString(),
      severity: 'critical',
      trace_id: `trace-${count}`,
    });
    await eventually(() => expect(phone.requests.map(({ body }) => body.title)).toEqual([`Fall: room ${room()}`]), {
      timeoutMs: 60_000,
    });
  });

  test('a fall that only a sensor reports is notified too: an alarm needs no orchestrator', async () => {
    await start('  - { severity: critical, to: [phone] }\n');
    await bus.publish(topics.event('fall_detected'), { source_id: room() });
    await eventually(() => expect(phone.requests.map(({ body }) => body.title)).toEqual([`Fall: room ${room()}`]), {
      timeoutMs: 60_000,
    });
  });

  test('a fall that only a sensor reports can be seen, acknowledged and ended by people, like an incident', async () => {
    const retained = new Map<string, AlertState>();
    const reader = await connectBus(mosquitto.url);
    await reader.subscribe(topics.alertAny, ({ topic, payload }) => {
      if (payload.length === 0) {
        retained.delete(topic);
      } else {
        retained.set(topic, JSON.parse(payload.toString()));
      }
    });
    const alerts = () => [...retained.values()].filter(({ source_id: id }) => id === room());
    const send = (command: string, params: object) =>
      bus.publish(topics.orchestratorCommands, { command, command_id: `${command}-${count}`, params });
    await start('  - { severity: critical, to: [phone] }\n');
    await bus.publish(topics.event('fall_detected'), { source_id: room() });
    await eventually(() => expect(alerts()).toMatchObject([{ without_incident: true, stage: 'notified' }]), {
      timeoutMs: 60_000,
    });
    await send('acknowledge', { source_id: room(), by: 'Ana' });
    await eventually(() =>
      expect(alerts()).toMatchObject([{ stage: 'acknowledged', reactions: [{ who: 'Ana', what: 'acknowledge' }] }]),
    );
    await send('resolve', { incident_id: alerts()[0]?.incident_id, outcome: 'unknown', by: 'Ana' });
    await eventually(() => expect(alerts()).toEqual([]), { timeoutMs: 60_000 });
    await reader.stop();
  });

  test('a fall report without a known room becomes one warning to people, however often it is repeated', async () => {
    await start('  - { severity: [critical, warning], kinds: [fall_refused], to: [hook] }\n');
    for (const id of [1, 2]) {
      await bus.publish(topics.event('incident_refused'), {
        event_id: `refused-${id}`,
        event: 'incident_refused',
        instance_id: 'orchestrator',
        timestamp: new Date().toISOString(),
        severity: 'warning',
        trace_id: 't',
        reason: `A fall report was refused because it names no room (${count}).`,
      });
    }
    // a later warning from the same channel proves that the repetition was handled
    await bus.publish(topics.event('incident_refused'), {
      event_id: 'refused-3',
      event: 'incident_refused',
      source_id: room(),
      instance_id: 'orchestrator',
      timestamp: new Date().toISOString(),
      severity: 'warning',
      trace_id: 't',
      reason: `The fall report was refused: room ${room()} is not monitored by any processor.`,
    });
    await toBe(
      () => hook.requests.map(({ body }) => body.title).sort(),
      [`Fall report without a known room`, `Fall report without an incident: room ${room()}`].sort(),
    );
  });

  test('kill -9 in the middle of sending: nothing is lost, and what is sent again is known as the same', async () => {
    const rules = '  - { severity: critical, to: [phone, hook] }\n';
    const fall = `Fall: Mrs C (room ${room()})`;
    const keys = () => own(hook).map(({ body, headers }) => `${body.step} ${headers['idempotency-key']}`);
    const first = await start(rules);
    hook.answer = 'hold';
    await publish();
    // The phone has it and that is remembered; the webhook was sent it and has not answered.
    await toBe(() => [titles(phone), own(hook).length], [[fall], 1]);
    await eventually(async () => {
      expect(await readFile(folder.file('state/alerts.json'), 'utf8')).toContain('"state":"sent"');
    });
    await first.kill();
    const second = await start(rules);
    await toBe(() => own(hook).length, 2);
    expect(new Set(keys()).size).toBe(1);
    await second.kill();
    // A person acknowledges while no service listens, and the webhook works again.
    hook.answer = 200;
    await publish(acknowledged('Eva'));
    const third = await start(rules);
    await toBe(() => titles(phone), [fall, `Eva is on the way: Mrs C (room ${room()})`]);
    const steps = () => own(hook).map(({ body }) => body.step);
    // it may be raised once more before the notifier has heard of the acknowledgement
    await toBe(() => steps().filter((step, at, all) => step !== all[at - 1]), ['raised', 'acknowledged']);
    expect(await third.stop()).toBe(0);
    expect([titles(phone).length, new Set(keys()).size]).toEqual([2, 2]);
  });

  test('kill -9 before anything could be sent: it is sent after the restart, once', async () => {
    const rules = '  - { severity: critical, to: [hook] }\n';
    hook.answer = 503;
    const first = await start(rules);
    await publish();
    await first.until('alert_not_sent');
    await first.kill();
    hook.answer = 200;
    const second = await start(rules);
    await second.until('alert_sent');
    await second.stop();
    expect(second.output().match(/"event":"alert_sent"/g)).toHaveLength(1);
    expect(new Set(own(hook).map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });
});
