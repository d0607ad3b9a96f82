import { request } from 'node:https';
import { freePort, requires } from '@vigilia/testing';
import { composeWith } from './house.ts';
import { minute } from './story.ts';

const authorityFile = '/var/lib/vigilia-authority/authority.pem';

requires('docker')('the compose profile tls', () => {
  let compose: ReturnType<typeof composeWith>;
  let url: string;

  beforeAll(async () => {
    const port = await freePort();
    url = `https://localhost:${port}/`;
    compose = composeWith({
      COMPOSE_PROJECT_NAME: 'vigilia-tls',
      COMPOSE_PROFILES: 'tls',
      CONSOLE_TLS_NAMES: 'localhost',
      CONSOLE_BIND: `127.0.0.1:${port}`,
      MQTT_BIND: `127.0.0.1:${await freePort()}`,
    });
    await compose('build', 'console', 'mosquitto', 'secrets');
    await compose('up', '--detach', '--no-build', '--wait', 'console');
  }, 15 * minute);
  afterAll(() => compose?.('down', '--volumes', '--remove-orphans'), 3 * minute);

  const authority = () => compose('run', '--rm', '--no-deps', '-T', 'console-certificate', 'cat', authorityFile);

  test(
    'serves the page over https with a certificate of its own authority, which the documented command hands out',
    async () => {
      const ca = await authority();
      expect(ca).toMatch(/^-----BEGIN CERTIFICATE-----/);
      expect(await statusOf(url, ca)).toBe(200);
      await expect(statusOf(url, undefined)).rejects.toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    },
    2 * minute,
  );

  test(
    'keeps its authority over the monthly renewal, and the key of the authority out of the console',
    async () => {
      const ca = await authority();
      await compose('up', '--detach', '--no-build', '--wait', '--force-recreate', 'console-certificate', 'console');
      expect(await authority()).toBe(ca);
      expect(await statusOf(url, ca)).toBe(200);
      expect(await compose('exec', '-T', 'console', 'ls', '/var/lib/vigilia-tls')).not.toContain('authority.key');
    },
    4 * minute,
  );
});

function statusOf(url: string, ca: string | undefined): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url, ca === undefined ? {} : { ca }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject);
    asked.end();
  });
}
