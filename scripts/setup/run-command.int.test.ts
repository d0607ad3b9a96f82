import { lastOutput, runCommand } from './run-command.mjs';

const node = (script: string, options = {}) => runCommand(process.execPath, ['-e', script], options);

test('output and exit code are returned', async () => {
  const result = await node('console.log("one"); console.error("two"); process.exit(3)');
  expect(result).toMatchObject({ code: 3, timedOut: false });
  expect(result.output.split('\n').sort()).toEqual(['', 'one', 'two']);
});

test('a command that takes too long is ended', async () => {
  const result = await node('setInterval(() => {}, 1000)', { timeoutMs: 300 });
  expect(result).toMatchObject({ code: null, signal: 'SIGTERM', timedOut: true });
  expect(lastOutput(result)).toBe('it took too long and was ended');
});

test('a command that does not exist is a failure with a reason', async () => {
  const result = await runCommand('/nowhere/apt-get', ['update']);
  expect(result.code).toBeNull();
  expect(lastOutput(result)).toContain('ENOENT');
});

test("npm's pointer to its log is not the reason of a failure", () => {
  const output = 'npm error network unreachable\nnpm error A complete log of this run can be found in: x.log\n\n';
  expect(lastOutput({ code: 1, signal: null, timedOut: false, output })).toBe('npm error network unreachable');
});

test('what runs beside others, and what it starts, gives way to them', async () => {
  const script = 'const os = require("os"); const { execSync } = require("child_process");';
  const { output } = await node(`${script} console.log(os.getPriority(), execSync("nice").toString().trim())`, {
    beside: true,
  });
  expect(output.trim()).toBe('19 19');
});

test('whole lines are handed on at once, and the command ends when it is no longer wanted', async () => {
  const over = new AbortController();
  const script = 'process.stdout.write("PASS o"); process.stdout.write("ne\\nhalf"); setInterval(() => {}, 1000)';
  const lines: string[] = [];
  const onLine = (line: string): void => {
    lines.push(line);
    over.abort();
  };
  expect(await node(script, { until: over.signal, onLine })).toMatchObject({ signal: 'SIGTERM' });
  expect(lines[0]).toBe('PASS one');
});
