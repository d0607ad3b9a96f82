import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '@vigilia/service';
import { repoRoot, requires, startBroker } from '@vigilia/testing';
import { checkTrace } from '../test-support/check-trace.ts';
import { storySteps } from './story.ts';

const main = join(repoRoot, 'apps/cli/dist/main.js');

interface Run {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function start(args: readonly string[], interruptWhen?: (output: string) => boolean): Promise<Run & { pid: number }> {
  return new Promise((resolve) => {
    let interrupted = false;
    const child = spawn(process.execPath, [main, 'start', '--port', '0', ...args]);
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
      if (!interrupted && interruptWhen?.(output) === true) interrupted = child.kill('SIGINT');
    });
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    child.once('close', (code) => resolve({ code, output, errors, pid: child.pid ?? 0 }));
  });
}

/** Processes whose command line names this folder: what the house has left behind. */
function leftBehind(folder: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && isAlive(Number(entry)))
    .filter((pid) => {
      try {
        const own = readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8');
        return own.includes(folder) && Number(pid) !== process.pid;
      } catch {
        return false;
      }
    });
}

const lineFields = ['timestamp', 'level', 'logger', 'message', 'component', 'event', 'instance_id'];

/** Every line of every service is one event with the fields that Elasticsearch is told of, none of them twice. */
function checkLogs(folder: string): void {
  const files = readdirSync(folder);
  expect(files).toEqual(
    expect.arrayContaining(['console', 'event-sink', 'orchestrator', 'processor-a'].map((name) => `${name}.ndjson`)),
  );
  const lines = files.flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n'));
  for (const line of lines) {
    const fields: Record<string, unknown> = JSON.parse(line);
    expect({ line, missing: lineFields.filter((field) => typeof fields[field] !== 'string') }).toEqual({
      line,
      missing: [],
    });
    expect({
      line,
      twice: lineFields.filter((field) => line.split(`"${field}":`).length > 2 && !(field in nested(fields))),
    }).toEqual({ line, twice: [] });
    expect(fields.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']).toContain(fields.level);
  }
  const changed = lines
    .map((line): Record<string, unknown> => JSON.parse(line))
    .filter((line) => line.event === 'set_fps_completed');
  expect(changed).toContainEqual(expect.objectContaining({ old_max_fps: 0.1, new_max_fps: 0.05 }));
  const events = lines.map((line) => JSON.parse(line).event);
  expect(events).toEqual(
    expect.arrayContaining(['set_fps_command_start', 'remove_stream_completed', 'add_stream_completed']),
  );
}

/** The fields of the objects inside a line, whose names may be those of the line's own. */
function nested(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.assign({}, ...Object.values(fields).filter((value) => typeof value === 'object' && value !== null));
}

requires('ffmpeg', 'model')('vigilia start', () => {
  test('--once goes through the whole story of a fall by itself, leaves no room unwatched and nothing running', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'vigilia-start-'));
    const { code, output, errors } = await start(['--once', '--json', '--data-dir', dataDir]);
    const lines = output
      .trim()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line));
    const steps = lines.map((line) => line.step);
    expect({ errors, steps: [...steps].sort() }).toMatchObject({ steps: [...storySteps, 'summary'].sort() });
    expect(code).toBe(0);

    const at = (step: string) => Date.parse(String(lines.find((line) => line.step === step)?.at));
    expect(at('ready')).toBeLessThan(at('fall_detected'));
    expect(at('dedicated_watching')).toBeLessThanOrEqual(at('room_released'));
    expect(at('room_returned')).toBeLessThanOrEqual(at('dedicated_stopped'));
    expect(at('relief_lifted') - at('ready')).toBeLessThan(180_000);
    expect(lines.find((line) => line.step === 'fall_detected')).toMatchObject({ source_id: 2 });
    expect(lines.find((line) => line.step === 'dedicated_started')).toMatchObject({ instance_id: 'processor-a_1' });
    const rooms = Object.fromEntries([0, 1, 2, 3, 4, 5, 6, 7].map((room) => [room, 0]));
    expect(lines.at(-1)).toEqual({ step: 'summary', longest_unwatched_ms: rooms });
    expect(leftBehind(dataDir)).toEqual([]);
    expect(readdirSync(join(dataDir, 'events'))).not.toEqual([]);
    checkLogs(join(dataDir, 'logs'));
    checkTrace(dataDir);
  }, 300_000);

  test('Ctrl-C ends every child', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'vigilia-start-'));
    const { code } = await start(['--data-dir', dataDir], (output) => output.includes('processor-a watches'));
    expect(code).toBe(0);
    expect(leftBehind(dataDir)).toEqual([]);
  }, 120_000);
});

requires('ffmpeg', 'model')('credentials', () => {
  test('of cameras and of the broker reach no output, log, event or file', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'vigilia-start-'));
    const broker = await startBroker();
    const cameras = 'rtsp://nurse:geheim-camera@127.0.0.1:1';
    const mqtt = broker.url.replace('mqtt://', 'mqtt://house:geheim-broker@');
    const args = ['--data-dir', dataDir, '--rooms', '0-1', '--stream-server', cameras, '--mqtt-url', mqtt];
    const { output, errors } = await start(
      args,
      (text) => /processor-a watches/.test(text) && /processor-b watches/.test(text),
    );
    await broker.stop();
    expect(output).toContain('processor-b watches room 1');
    const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = files.map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'));
    expect(texts.join('')).toContain('mqtt://***@');
    expect([output, errors, ...texts].filter((text) => text.includes('geheim'))).toEqual([]);
  }, 120_000);
});

describe('vigilia start refuses what cannot work, in one sentence', () => {
  test.each([
    [
      ['--rooms', '3-1', '--stream-server', 'rtsp://127.0.0.1:1'],
      /^--rooms: "3-1" is not a room or a range of rooms\./,
    ],
    [['--model', 'no-such-model'], /^There is no model no-such-model: /],
    [['--mqtt-url', 'http://x'], /--mqtt-url must be a URL that starts with mqtt:\/\/ or mqtts:\/\//],
    [['--colour', 'red'], /--colour/],
  ])('%j', async (args, sentence) => {
    const { code, errors } = await start([...args, '--data-dir', mkdtempSync(join(tmpdir(), 'vigilia-start-'))]);
    expect(errors).toMatch(sentence);
    expect(errors).not.toContain('    at ');
    expect(code).toBe(2);
  });

  test('a broker that cannot be reached', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'vigilia-start-'));
    const { code, errors } = await start(['--mqtt-url', 'mqtt://127.0.0.1:1', '--data-dir', dataDir]);
    expect(errors).toMatch(/No connection to the broker at 127\.0\.0\.1:1/);
    expect(code).toBe(2);
  });
});
