import { createTopics } from '@vigilia/protocol';
import { connectBus, eventually, requires, spawnTypeScript, startMosquitto, tempFolder } from '@vigilia/testing';
import { entryOf } from './start-house.ts';

/** What it says on `topic` tells that it has started. */
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
