import { eventually, spawnTypeScript, startFakeBroker, tempFolder } from '@vigilia/testing';
import { entryOf } from './start-house.ts';

const services: readonly (readonly [app: string, args: readonly string[]])[] = [
  ['orchestrator', ['--data-dir', '{dir}']],
  ['processor', []],
  ['event-sink', ['--spool-dir', '{dir}/spool', '--ndjson-dir', '{dir}/events']],
  ['notifier', ['--home-assistant', '--state-dir', '{dir}']],
  ['console', ['--no-auth', '--port', '0', '--page-dir', '{dir}']],
];

/** The body of `/readyz` of a service that was started with `--health-port 0`. */
async function readiness(log: string): Promise<Record<string, unknown>> {
  const line = log.split('\n').find((one) => one.includes('"event":"health_server_started"')) ?? '';
  const answer = await fetch(`http://127.0.0.1:${/"port":(\d+)/.exec(line)?.[1]}/readyz`);
  return { code: answer.status, ...((await answer.json()) as Record<string, unknown>) };
}

describe('a broker that refuses every publish and subscription', () => {
  test.each(services)('keeps the %s from being ready, and its answer names what is refused', async (app, args) => {
    const folder = await tempFolder('refusing-broker');
    const broker = await startFakeBroker({ pubackCode: 0x87, subackCode: 0x87 });
    const places = args.map((arg) => arg.replace('{dir}', folder.path));
    const service = spawnTypeScript(entryOf(app), ['--mqtt-url', broker.url, '--health-port', '0', ...places]);
    try {
      await eventually(
        async () => {
          const answer = await readiness(service.stdout());
          const refused = [answer.mqtt_refused_topics, answer.mqtt_refused_subscriptions].flat();
          expect(answer).toMatchObject({ code: 503, ok: false, mqtt_connected: true });
          expect(refused).toContainEqual(expect.stringMatching(/: not authorized \(0x87\)$/));
        },
        { timeoutMs: 90_000 },
      );
      expect(service.stdout()).toMatch(/mqtt_(publish|subscribe)_refused/);
    } finally {
      service.child.kill('SIGTERM');
      await service.ended;
      await broker.stop();
      await folder.remove();
    }
  });
});
