import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

interface Pm2App {
  readonly name: string;
  readonly script: string;
  readonly kill_timeout: number;
  readonly treekill?: boolean;
}

/** A service's own limit of its teardown, ms (packages/service, `serve`). */
const stopMs = 10_000;

describe('the files for PM2', () => {
  const { apps } = createRequire(import.meta.url)('./pm2/ecosystem.config.cjs') as { apps: readonly Pm2App[] };

  test('start programs that exist, and give each the time to end in order', () => {
    for (const { name, script, kill_timeout: killMs } of apps) {
      expect({ name, exists: existsSync(script), inOrder: killMs > stopMs }).toEqual({
        name,
        exists: true,
        inOrder: true,
      });
    }
  });

  test('do not end dedicated processors with the orchestrator', () => {
    expect(apps.find(({ name }) => name === 'orchestrator')?.treekill).toBe(false);
  });
});

describe('the units for systemd', () => {
  const units = readdirSync(`${here}systemd`).map((name) => {
    const lines = readFileSync(`${here}systemd/${name}`, 'utf8').split('\n');
    const value = (key: string) => lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);
    return { name, value };
  });

  test('start programs that exist, and give each the time to end in order', () => {
    expect(units.length).toBe(5);
    for (const { name, value } of units) {
      const main = value('ExecStart')?.split(' ').at(-1)?.replace('/opt/vigilia/', `${here}../`) ?? '';
      const inOrder = Number(value('TimeoutStopSec')) * 1000 > stopMs;
      expect({ name, exists: existsSync(main), inOrder }).toEqual({ name, exists: true, inOrder: true });
    }
  });

  test('end only the orchestrator itself with its unit; the others end their programs themselves', () => {
    const modes = Object.fromEntries(units.map(({ name, value }) => [name, value('KillMode')]));
    expect(modes).toEqual({
      'vigilia-console.service': 'mixed',
      'vigilia-event-sink.service': 'mixed',
      'vigilia-notifier.service': 'mixed',
      'vigilia-orchestrator.service': 'process',
      'vigilia-processor@.service': 'mixed',
    });
  });

  test('hold no password: each is read from a file that only root can read', () => {
    for (const { name } of units) {
      const text = readFileSync(`${here}systemd/${name}`, 'utf8');
      expect(text).toMatch(/^LoadCredential=mqtt-password:/m);
      expect(text).not.toMatch(/PASSWORD=/);
    }
  });
});
