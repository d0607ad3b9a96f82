import { writeFile } from 'node:fs/promises';
import { createTopics, type Incident } from '@vigilia/protocol';
import { connectBus, eventually, freePort, requires, startMosquitto, tempFolder } from '@vigilia/testing';
import { startEspaPagingSystem } from '../../test-support/espa-paging-system.ts';
import { startHttpReceiver } from '../../test-support/http-receiver.ts';
import { startNotifier } from '../../test-support/notifier-process.ts';
import { acknowledged, closed, incident } from '../../test-support/samples.ts';

const topics = createTopics('nvr');

requires('mosquitto', 'espa')('a nurse-call system', () => {
  test('is called for a fall until a person is on the way, and its loss is reported through the other targets', async () => {
    await using folder = await tempFolder('nurse-call');
    const mosquitto = await startMosquitto();
    const bus = await connectBus(mosquitto.url);
    const hook = await startHttpReceiver();
    const system = await startEspaPagingSystem('tcp');
    const line = 'port' in system.line ? system.line : { host: '', port: 0 };
    const pagers = `{ type: espa, host: ${line.host}, port: ${line.port}, call_address: "101", poll_interval_s: 1, link_timeout_s: 3 }`;
    await writeFile(folder.file('secret'), 'hush');
    await writeFile(
      folder.file('alerts.yaml'),
      [
        'warn_after_s: 1',
        'targets:',
        `  pagers: ${pagers}`,
        `  hook: { type: webhook, url: "${hook.url}", secret_file: secret, timeout_s: 100 }`,
        'rules:',
        '  - { severity: critical, kinds: [fall], to: [pagers] }',
        '  - { severity: critical, kinds: [target_offline], to: [hook, pagers] }',
      ].join('\n'),
    );
    const flags = ['--alerts', folder.file('alerts.yaml'), '--state-dir', folder.file('state')];
    const healthPort = await freePort();
    const health = async () => (await fetch(`http://127.0.0.1:${healthPort}/healthz`)).json();
    const notifier = await startNotifier([...flags, '--mqtt-url', mosquitto.url, '--health-port', `${healthPort}`]);
    try {
      const publish = (change = {}) => bus.publish(topics.incident('inc-1'), incident(change), { retain: true });
      const calls = () =>
        system.calls.map(({ 1: address, 2: text, 4: type, 6: priority }) => [address, text, type, priority]);
      await publish();
      await eventually(() => expect(calls()).toEqual([['101', 'Fall: Mrs C (room 2)', '3', '1']]));
      await publish(acknowledged('Ana'));
      await eventually(() => expect(calls()[1]).toEqual(['101', 'Fall: Mrs C (room 2)', '1', '3']));
      expect(hook.requests).toEqual([]);
      expect(await health()).toMatchObject({ targets: { pagers: { ok: true } } });
      await system.stop();
      await eventually(() =>
        expect(hook.requests.map(({ body }) => [body.kind, body.severity, body.title])).toEqual([
          ['target_offline', 'critical', 'No connection to the nurse-call system: pagers'],
        ]),
      );
      const lost = { pagers: { ok: false, link_lost_seconds: expect.any(Number) }, hook: { ok: true } };
      expect(await health()).toMatchObject({ targets: lost });
      expect(await notifier.stop()).toBe(0);
    } finally {
      await notifier.kill();
      await Promise.all([system.stop(), hook.stop(), bus.stop()]);
      await mosquitto.stop();
    }
  });

  test('calls again at once when the verdict that ended the call is taken back', async () => {
    await using site = await startSite();
    await site.start();
    await site.publish({});
    await eventually(() => expect(site.calls()).toEqual([['Fall: Mrs C (room 2)', '3']]));
    await site.publish(closed());
    await eventually(() => expect(site.calls().at(-1)).toEqual(['Fall: Mrs C (room 2)', '1']));
    await site.publish({});
    await eventually(() => expect(site.calls().slice(2)).toEqual([['Fall: Mrs C (room 2)', '3']]));
  });

  test('still cancels the call of an incident that ended while the notifier was down, and keeps the other calls', async () => {
    await using site = await startSite();
    const notifier = await site.start();
    await site.publish({});
    await site.publish({ incident_id: 'inc-2', source_id: 3, room_name: 'Mr D' });
    await eventually(() => expect(site.calls()).toHaveLength(2));
    expect(await notifier.stop()).toBe(0);
    await site.publish(closed());
    await site.start();
    await eventually(() =>
      expect(site.calls().slice(2)).toEqual([
        ['Fall: Mrs C (room 2)', '1'],
        ['Fall: Mr D (room 3)', '3'],
      ]),
    );
  });
});

/** A nurse-call system that is the only target, a broker, and a notifier once it is started. */
async function startSite() {
  const folder = await tempFolder('nurse-call');
  const mosquitto = await startMosquitto();
  const bus = await connectBus(mosquitto.url);
  const system = await startEspaPagingSystem('tcp');
  const { host, port } = 'port' in system.line ? system.line : { host: '', port: 0 };
  await writeFile(
    folder.file('alerts.yaml'),
    [
      'targets:',
      `  pagers: { type: espa, host: ${host}, port: ${port}, call_address: "101", poll_interval_s: 1 }`,
      'rules:',
      '  - { severity: critical, kinds: [fall], to: [pagers] }',
    ].join('\n'),
  );
  let notifier: Awaited<ReturnType<typeof startNotifier>> | undefined;
  return {
    start: async () => {
      const flags = ['--alerts', folder.file('alerts.yaml'), '--state-dir', folder.file('state')];
      notifier = await startNotifier([...flags, '--mqtt-url', mosquitto.url]);
      return notifier;
    },
    publish: (change: Partial<Incident>) => {
      const body = incident(change);
      return bus.publish(topics.incident(body.incident_id), body, { retain: true });
    },
    /** Text and type of each call: 3 calls, 1 cancels. */
    calls: () => system.calls.map(({ 2: text, 4: type }) => [text, type]),
    async [Symbol.asyncDispose]() {
      await notifier?.kill();
      await Promise.all([system.stop(), bus.stop()]);
      await mosquitto.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}
