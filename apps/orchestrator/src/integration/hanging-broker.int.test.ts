import { type AddressInfo, connect, createServer } from 'node:net';
import { createTopics } from '@vigilia/protocol';
import {
  connectBus,
  eventually,
  freePort,
  requires,
  spawnTypeScript,
  startMosquitto,
  tempFolder,
} from '@vigilia/testing';
import { entryOf } from './start-house.ts';

/** The text on `topic` which shows that it has started. */
const services: readonly (readonly [app: string, args: readonly string[], topic: string])[] = [
  ['orchestrator', ['--health-port', '0'], createTopics().orchestratorStatus],
  ['processor', ['--streams', '0', '--health-port', '0'], createTopics().status('processor')],
];

requires('mosquitto')('a broker that hangs', () => {
  test.each(services)('does not keep the %s from ending in order', async (app, args, topic) => {
    const folder = await tempFolder('hanging-broker');
    const broker = await startMosquitto();
    const bus = await connectBus(broker.url);
    const places = ['--mqtt-url', broker.url, ...(app === 'orchestrator' ? ['--data-dir', folder.path] : [])];
    const service = spawnTypeScript(entryOf(app), [...args, ...places]);
    try {
      let said = false;
      await bus.subscribe(topic, () => {
        said = true;
      });
      await eventually(() => expect(said).toBe(true), { timeoutMs: 60_000, message: `a word of the ${app}` });
      process.kill(broker.pid, 'SIGSTOP');
      service.child.kill('SIGTERM');
      const ended = await service.ended;
      expect(service.stdout()).not.toContain('service_stop_failed');
      expect(ended).toEqual({ code: 0, signal: null });
    } finally {
      process.kill(broker.pid, 'SIGCONT');
      service.child.kill('SIGKILL');
      await bus.stop();
      await broker.stop();
      await folder.remove();
    }
  });
});

describe('an orchestrator that cannot ask yet whether another one acts', () => {
  test('ends in order at SIGTERM while the broker is offline', async () => {
    await using folder = await tempFolder('offline-broker');
    const args = ['--mqtt-url', `mqtt://127.0.0.1:${await freePort()}`, '--data-dir', folder.path];
    const { child, stdout, ended } = spawnTypeScript(entryOf('orchestrator'), args);
    await eventually(() => expect(stdout()).toContain('mqtt_unreachable'), { timeoutMs: 60_000 });
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(stdout()).toContain('service_stopped');
  });

  requires('mosquitto')('a broker that cuts the connection', () => {
    test('asks again until it has an answer, and acts then', async () => {
      await using folder = await tempFolder('cut-probe');
      const broker = await startMosquitto();
      let cuts = 0;
      const proxy = createServer((client) => {
        const upstream = connect(broker.port, '127.0.0.1');
        for (const socket of [client, upstream]) {
          socket.on('error', () => undefined);
        }
        client.on('data', (data) => {
          // The first byte of SUBSCRIBE (MQTT 5, 3.8.1).
          if (data[0] === 0x82 && cuts < 2) {
            cuts += 1;
            client.destroy();
            upstream.destroy();
          } else {
            upstream.write(data);
          }
        });
        upstream.pipe(client);
        client.on('close', () => upstream.destroy());
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      const { port } = proxy.address() as AddressInfo;
      const args = ['--mqtt-url', `mqtt://127.0.0.1:${port}`, '--data-dir', folder.path];
      const { child, stdout, ended } = spawnTypeScript(entryOf('orchestrator'), args);
      try {
        await eventually(() => expect(stdout()).toContain('view_whole'), { timeoutMs: 60_000 });
        expect(cuts).toBe(2);
        child.kill('SIGTERM');
        expect((await ended).code).toBe(0);
      } finally {
        child.kill('SIGKILL');
        proxy.close();
        await broker.stop();
      }
    });
  });
});
