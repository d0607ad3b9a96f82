import { createTopics } from '@vigilia/protocol';
import { type Bus, ChannelBus, createBus, type MqttProtocol, systemClock } from '@vigilia/service';
import { eventually, requires, silentLogger, startMosquitto } from '@vigilia/testing';
import { watchOwnStatus } from './own-status.ts';

const topics = createTopics();

requires('mosquitto')('two orchestrators with one name and one persistent session', () => {
  test.each<MqttProtocol>(['3.1.1', '5'])('the older one gives way, the newer one acts (MQTT %s)', async (protocol) => {
    const broker = await startMosquitto();
    const gone: string[] = [];
    const orchestrator = async (bootId: string, term: number): Promise<Bus> => {
      const status = { instance_id: 'orchestrator', boot_id: bootId, term, timestamp: new Date().toISOString() };
      const will = { topic: topics.orchestratorStatus, payload: { ...status, status: 'offline' }, retain: true };
      const bus = createBus({
        url: broker.url,
        clientId: 'orchestrator',
        clean: false,
        protocol,
        will,
        logger: silentLogger(),
        onTakenOver: () => void gone.push(bootId),
      });
      const typed = new ChannelBus({ bus, roots: topics.roots, logger: silentLogger(), clock: systemClock });
      await watchOwnStatus({ bus: typed, term, instanceId: 'orchestrator', bootId });
      bus.onConnect(() => bus.publish(topics.orchestratorStatus, { ...status, status: 'acting' }, { retain: true }));
      await bus.start();
      return bus;
    };
    const older = await orchestrator('older', 1);
    const newer = await orchestrator('newer', 2);
    await eventually(() => expect(gone).toEqual(['older']));
    await eventually(() => expect(newer.connected).toBe(true));
    await newer.publish('still', 'here');
    expect(gone).toEqual(['older']);
    await Promise.all([older.stop(), newer.stop()]);
    await broker.stop();
  });
});
