import { join } from 'node:path';
import { eventually, repoRoot, spawnTypeScript, type TypeScriptProcess } from '@vigilia/testing';

const program = join(repoRoot, 'packages', 'service', 'test-programs', 'run.ts');

async function run(
  words: string[],
  whenLogged?: string,
  signals: NodeJS.Signals[] = [],
): Promise<TypeScriptProcess & { code: number | null }> {
  const started = spawnTypeScript(program, words);
  if (whenLogged !== undefined) {
    await eventually(() => expect(started.stdout()).toContain(whenLogged), { timeoutMs: 30_000 });
  }
  for (const signal of signals) {
    started.child.kill(signal);
    await eventually(() => {
      if (started.child.exitCode === null) {
        expect(started.stdout()).toContain('service_stopping');
      }
    });
  }
  const { code } = await started.ended;
  return { ...started, code };
}

describe('how a service ends', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s stops it in order: exit 0', async (signal) => {
    const { code, stdout } = await run([], 'service_started', [signal]);
    expect(code).toBe(0);
    expect(stdout()).toContain('stop_called');
  });

  test('a signal during the start cuts it short: exit 0, and stop was called', async () => {
    const { code, stdout } = await run(['waiting-start'], '"waiting"', ['SIGTERM']);
    expect(code).toBe(0);
    expect(stdout()).toContain('stop_called');
    expect(stdout()).not.toContain('service_started');
    expect(stdout()).not.toContain('service_failed');
  });

  test('a second signal does not wait: exit 130', async () => {
    expect((await run(['endless-stop'], 'service_started', ['SIGTERM', 'SIGTERM'])).code).toBe(130);
  });

  test.each(['slow-stop', 'failing-stop'])('%s: exit 1, and the log says so', async (word) => {
    const { code, stdout } = await run([word], 'service_started', ['SIGTERM']);
    expect(code).toBe(1);
    expect(stdout()).toContain('service_stop_failed');
  });

  test.each(['usage', 'bad-settings'])(
    "a user's mistake (%s): one sentence, no stack, no secret, exit 2",
    async (word) => {
      const { code, stderr } = await run([word]);
      expect(code).toBe(2);
      expect(stderr()).toBe('The camera rtsp://***@cam is wrong. Use another.\n');
    },
  );

  test.each(['exit-request', 'request-exit'])('%s: its own code, in order', async (word) => {
    const { code, stdout } = await run([word]);
    expect(code).toBe(3);
    expect(stdout()).toContain('stop_called');
  });

  test('a failing start: logged with its stack, what was begun is stopped, exit 1', async () => {
    const { code, stdout, stderr } = await run(['crash']);
    expect(code).toBe(1);
    expect(stdout()).toMatch(/service_failed.*start failed.*run\.ts/);
    expect(stdout()).toContain('stop_called');
    expect(stderr()).toBe('');
  });

  test('a promise nobody waited for: logged, exit 1', async () => {
    const { code, stdout } = await run(['rejection']);
    expect(code).toBe(1);
    expect(stdout()).toMatch(/"level":"FATAL".*nobody waits/);
  });
});
