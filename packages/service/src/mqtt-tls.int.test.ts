import { execFileSync } from 'node:child_process';
import { captureLogger, connectBus, eventually, requires, startMosquitto, tempFolder } from '@vigilia/testing';
import { createBus } from './mqtt.ts';

/** A certificate authority of our own and a server certificate for 127.0.0.1. */
function certificates(folder: string): void {
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test authority');
  const server = [
    '-keyout',
    'server.key',
    '-out',
    'server.pem',
    '-subj',
    '/CN=broker',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
  ];
  openssl('req', '-x509', ...key, '-CA', 'ca.pem', '-CAkey', 'ca.key', ...server);
}

requires('mosquitto', 'openssl')('the bus over TLS', () => {
  test('trusts the authority it was given, and no other', async () => {
    await using folder = await tempFolder('tls');
    certificates(folder.path);
    const config = ['ca.pem', 'server.pem', 'server.key'].map((name) => folder.file(name));
    const broker = await startMosquitto({
      config: [`cafile ${config[0]}`, `certfile ${config[1]}`, `keyfile ${config[2]}`],
    });
    const url = broker.url.replace('mqtt:', 'mqtts:');
    const bus = await connectBus(url, undefined, { caFile: folder.file('ca.pem') });
    await bus.publish('x', 1);
    await bus.stop();
    const { logger, lines } = captureLogger();
    const distrustful = createBus({ url, clientId: 'b', logger });
    const started = distrustful.start();
    await eventually(() =>
      expect(lines[0]).toMatchObject({ event: 'mqtt_unreachable', cause: expect.stringMatching(/certificate/) }),
    );
    await distrustful.stop();
    await expect(started).rejects.toMatchObject({ code: 'stopped' });
    await broker.stop();
  });
});
