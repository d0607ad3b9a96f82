import { join } from 'node:path';
import { eventually, freePort, repoRoot, spawnTypeScript, type TypeScriptProcess } from '@vigilia/testing';

const program = join(repoRoot, 'packages', 'service', 'test-programs', 'run.ts');

interface Ended {
  readonly code: number | null;
  /** The log, one object per line. */
  readonly log: readonly Record<string, unknown>[];
  readonly stdout: string;
  readonly stderr: string;
}

async function run(
  args: readonly string[],
  whenLogged?: string,
  signals: readonly NodeJS.Signals[] = [],
): Promise<Ended> {
  const started = spawnTypeScript(program, args);
  if (whenLogged !== undefined) {
    await logged(started, whenLogged);
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
  const [stdout, stderr] = [started.stdout(), started.stderr()];
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return { code, stdout, stderr, log: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const behave = (...words: string[]): string[] => ['--behaviour', words.join(',')];
const stepsOf = ({ log }: Ended): unknown[] =>
  log.flatMap(({ event, step }) => (event === 'stopping_step' ? [step] : []));
const failuresOf = ({ log }: Ended): unknown[] =>
  log.flatMap(({ event, step, error }) =>
    event === 'service_stop_failed' ? [[step, (error as { message: string }).message]] : [],
  );

async function logged(started: TypeScriptProcess, event: string): Promise<void> {
  await eventually(() => expect(started.stdout()).toContain(`"${event}"`), { timeoutMs: 30_000 });
}

describe('how a service ends', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s stops its parts in reverse order: exit 0', async (signal) => {
    const ended = await run([], 'service_started', [signal]);
    expect(ended.code).toBe(0);
    expect(stepsOf(ended)).toEqual(['rooms', 'broker', 'timer']);
    expect(ended.log.at(-1)).toMatchObject({ event: 'service_stopped', exit_code: 0 });
  });

  test('a signal during the start cuts it short: exit 0, and what had been started is stopped', async () => {
    const ended = await run(behave('waiting-start'), 'waiting', ['SIGTERM']);
    expect(ended.code).toBe(0);
    expect(stepsOf(ended)).toEqual(['broker', 'timer']);
    expect(ended.stdout).not.toMatch(/service_started|service_failed/);
  });

  test('a start that ignores its signal does not keep the process: its parts are stopped, and the log names it', async () => {
    const ended = await run(behave('deaf-start', 'slow-stop'), 'waiting', ['SIGTERM']);
    expect(ended.code).toBe(1);
    expect(stepsOf(ended)).toEqual(['broker', 'timer']);
    expect(failuresOf(ended)).toEqual([['start', expect.stringMatching(/^It took longer than 2\d\d ms\.$/)]]);
  });

  test('a second signal does not wait for a part that hangs: exit 130', async () => {
    expect((await run(behave('endless-stop'), 'service_started', ['SIGTERM', 'SIGTERM'])).code).toBe(130);
  });

  test('a part that hangs is left behind after its time, and all others are stopped: exit 1', async () => {
    const ended = await run(behave('slow-stop'), 'service_started', ['SIGTERM']);
    expect(ended.code).toBe(1);
    expect(stepsOf(ended)).toEqual(['rooms', 'broker', 'timer']);
    expect(failuresOf(ended)).toEqual([['rooms', expect.stringMatching(/^It took longer than 2\d\d ms\.$/)]]);
  });

  test('parts that fail to stop keep no other part from it, and the log has a line for each: exit 1', async () => {
    const ended = await run(behave('failing-stop'), 'service_started', ['SIGTERM']);
    expect(ended.code).toBe(1);
    expect(stepsOf(ended)).toEqual(['rooms', 'broker', 'timer']);
    expect(failuresOf(ended)).toEqual([
      ['rooms', 'a camera hangs'],
      ['broker', 'the broker is unreachable'],
    ]);
  });

  test('a mistake of the user at start is one sentence without stack and secret: exit 2, in order', async () => {
    const ended = await run(behave('usage'));
    expect(ended.code).toBe(2);
    expect(ended.stderr).toBe('The camera rtsp://***@cam is wrong. Use another.\n');
    expect(stepsOf(ended)).toEqual(['broker', 'timer']);
  });

  test('a wrong setting is one sentence without a stack, and nothing is started: exit 2', async () => {
    const { code, stderr, stdout } = await run(['--health-port', 'many']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^vigilia test: --health-port [^\n]+\. See vigilia test --help\.\n$/);
    expect(stdout).toBe('');
  });

  test.each(['exit-request', 'request-exit'])('%s: its own code, in order', async (word) => {
    const ended = await run(behave(word));
    expect(ended.code).toBe(3);
    expect(stepsOf(ended).slice(-2)).toEqual(['broker', 'timer']);
  });

  test('a start that fails half-way is logged with its stack, and what had been started is stopped: exit 1', async () => {
    const ended = await run(behave('crash'));
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/service_failed.*start failed.*run\.ts/);
    expect(stepsOf(ended)).toEqual(['broker', 'timer']);
    expect(ended.stderr).toBe('');
  });

  test('a rejection that nothing handles is logged: exit 1', async () => {
    const { code, stdout } = await run(behave('rejection'));
    expect(code).toBe(1);
    expect(stdout).toMatch(/"level":"FATAL".*no caller waits/);
  });
});

describe('the commands of a service', () => {
  test('run by their name, and "run" is the service itself', async () => {
    expect(await run(['short', 'one', '--two'])).toMatchObject({ code: 0, stdout: 'short one --two\n' });
    const port = await freePort();
    const service = spawnTypeScript(program, ['run', '--health-port', `${port}`]);
    await logged(service, 'service_started');
    expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()).toEqual({ ok: true });
    service.child.kill('SIGTERM');
    expect((await service.ended).code).toBe(0);
  });

  test('an unknown one is a mistake that lists the known ones: exit 2', async () => {
    const { code, stderr } = await run(['other']);
    expect(code).toBe(2);
    expect(stderr).toBe('vigilia test: other is not a subcommand; there are run, short.\n');
  });
});
