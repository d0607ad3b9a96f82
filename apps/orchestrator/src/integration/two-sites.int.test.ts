import { readdir, readFile } from 'node:fs/promises';
import { createTopics } from '@vigilia/protocol';
import {
  askHealth,
  connectBus,
  eventually,
  requires,
  spawnTypeScript,
  startMosquitto,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { entryOf } from './start-house.ts';

/** The types of the events that a sink has filed. */
async function filed(folder: TempFolder, prefix: string): Promise<string> {
  const dir = folder.file(`${prefix}/events`);
  const names = await readdir(dir).catch(() => []);
  return (await Promise.all(names.map((name) => readFile(`${dir}/${name}`, 'utf8')))).join('');
}

requires('mosquitto')('two sites on one broker, set apart by their topic prefix', () => {
  test('have an orchestrator and a sink each, which do not push one another out, and each sink files its own events', async () => {
    const folder = await tempFolder('two-sites');
    const broker = await startMosquitto();
    const bus = await connectBus(broker.url);
    const prefixes = ['north', 'south'] as const;
    const launch = (app: string, prefix: string, args: readonly string[]) =>
      spawnTypeScript(entryOf(app), [
        '--mqtt-url',
        broker.url,
        '--topic-prefix',
        prefix,
        '--health-port',
        '0',
        ...args.map((arg) => arg.replace('{dir}', folder.file(prefix))),
      ]);
    const services = prefixes.flatMap((prefix) => [
      launch('orchestrator', prefix, ['--data-dir', '{dir}/data']),
      launch('event-sink', prefix, ['--spool-dir', '{dir}/spool', '--ndjson-dir', '{dir}/events', '--linger', '20']),
    ]);
    try {
      for (const service of services) {
        const timeoutMs = 90_000;
        const ready = async () => expect(await askHealth(service.stdout())).toMatchObject({ readyz: 200 });
        await eventually(ready, { timeoutMs, message: service.stdout().slice(-500) });
      }
      for (const prefix of prefixes) {
        const body = { source_id: 1, timestamp: new Date().toISOString(), trace_id: `fall-${prefix}` };
        await bus.publish(createTopics(prefix).event('fall_detected'), body);
      }
      for (const prefix of prefixes) {
        await eventually(async () => expect(await filed(folder, prefix)).toContain(`fall-${prefix}`));
      }
      expect(await filed(folder, 'north')).not.toContain('fall-south');
      expect(await filed(folder, 'south')).not.toContain('fall-north');
      for (const service of services) {
        expect(service.child.exitCode).toBeNull();
        expect(service.stdout()).not.toMatch(/mqtt_disconnected|mqtt_taken_over/);
      }
    } finally {
      for (const { child } of services) {
        child.kill('SIGTERM');
      }
      await Promise.all(services.map(({ ended }) => ended));
      await bus.stop();
      await broker.stop();
      await folder.remove();
    }
  });
});
