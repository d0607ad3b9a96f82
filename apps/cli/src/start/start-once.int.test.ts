import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, requires, startBroker } from '@vigilia/testing';
import { checkTrace } from '../test-support/check-trace.ts';
import { type StoryStep, storySteps } from './story.ts';
import { startHouse } from './test-support/start-house.ts';

const lineFields = ['timestamp', 'level', 'logger', 'message', 'component', 'event', 'instance_id'];

/** Every line of every service is one event with the fields of the Elasticsearch mapping, none of them twice. */
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
  const said = lines.map((line): Record<string, unknown> => JSON.parse(line));
  const first = (event: string, more: object = {}) =>
    said.find((line) => line.event === event && Object.entries(more).every(([key, value]) => line[key] === value));
  expect(first('set_fps_completed', { old_max_fps: 0.1, new_max_fps: 0.05 })).toBeDefined();
  expect(first('remove_stream_completed')).toBeDefined();
  expect(first('add_stream_completed')).toBeDefined();
  const relief = { asked: first('set_fps_command_start'), dedicated: first('processor_online', { role: 'dedicated' }) };
  expect(String(relief.asked?.timestamp) <= String(relief.dedicated?.timestamp) ? 'relief first' : relief).toBe(
    'relief first',
  );
}

/** The fields of the objects inside a line, whose names may be those of the line's own. */
function nested(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.assign({}, ...Object.values(fields).filter((value) => typeof value === 'object' && value !== null));
}

interface Line {
  readonly step: StoryStep | 'summary';
  readonly at: string;
  readonly source_id?: number;
  readonly instance_id?: string;
  readonly longest_unwatched_ms?: Record<string, number>;
}

/**
 * Each pair happens in this order, or at the same millisecond. Relief is asked for before the dedicated processor is started and lifted
 * while the room is handed back, but no step waits for it: on a busy machine it takes effect only later.
 */
const order: readonly (readonly [StoryStep, StoryStep])[] = [
  ['ready', 'fall_detected'],
  ['fall_detected', 'relief_applied'],
  ['relief_applied', 'relief_lifted'],
  ['fall_detected', 'dedicated_started'],
  ['dedicated_started', 'dedicated_watching'],
  ['dedicated_watching', 'room_released'],
  ['room_released', 'room_returned'],
  ['fall_detected', 'acknowledged'],
  ['acknowledged', 'room_returned'],
  ['room_returned', 'dedicated_stopped'],
  ['acknowledged', 'relief_lifted'],
];

/** Who did it, or whom it was done to. */
const instances: Record<Exclude<StoryStep, 'ready'>, string> = {
  fall_detected: 'processor-a',
  relief_applied: 'processor-a',
  dedicated_started: 'processor-a_1',
  dedicated_watching: 'processor-a_1',
  room_released: 'processor-a_1',
  acknowledged: 'processor-a_1',
  room_returned: 'processor-a',
  dedicated_stopped: 'processor-a_1',
  relief_lifted: 'processor-a',
};

function checkTimeline(lines: readonly Line[]): void {
  expect(lines.map(({ step }) => step).sort()).toEqual([...storySteps, 'summary'].sort());
  const at = new Map(lines.map((line) => [line.step, line.at]));
  for (const [first, then] of order) {
    const times = { [first]: at.get(first), [then]: at.get(then) };
    expect({ times, inOrder: Date.parse(at.get(first) ?? '') <= Date.parse(at.get(then) ?? '') }).toEqual({
      times,
      inOrder: true,
    });
  }
  for (const [step, instance_id] of Object.entries(instances)) {
    const line = lines.find((one) => one.step === step);
    expect(line).toEqual({ step, at: expect.stringMatching(/^\d{4}-.*Z$/), source_id: 2, instance_id });
  }
  expect(Date.parse(at.get('relief_lifted') ?? '') - Date.parse(at.get('ready') ?? '')).toBeLessThan(180_000);
  const rooms = Object.fromEntries([0, 1, 2, 3, 4, 5, 6, 7].map((room) => [room, 0]));
  expect(lines.at(-1)).toEqual({ step: 'summary', longest_unwatched_ms: rooms });
}

/** A false alarm in one of the other rooms would be in the events, though the timeline shows only the first incident. */
function checkEvents(documents: readonly Record<string, unknown>[]): void {
  const events = documents.map((one) => one as { event?: { action?: string }; vigilia?: Record<string, unknown> });
  const of = (action: string) => events.filter(({ event }) => event?.action === action).map(({ vigilia }) => vigilia);
  expect(of('fall_detected')).not.toEqual([]);
  expect(of('fall_detected').map((fall) => fall?.source_id)).toEqual(of('fall_detected').map(() => 2));
  expect(of('incident_opened')).toEqual([expect.objectContaining({ source_id: 2 })]);
}

/** That no process is left at the end proves something only if the same check finds all of them while the services run. */
function checkProcesses(commands: readonly string[]): void {
  const parts = ['processor/dist', 'orchestrator/dist', 'event-sink/dist', 'console/dist', 'model-host', 'ffmpeg'];
  const unseen = parts.filter((part) => !commands.some((command) => command.includes(part)));
  expect({ commands, unseen }).toEqual({ commands, unseen: [] });
  expect(commands.length).toBeGreaterThanOrEqual(8);
}

requires('ffmpeg', 'model')('vigilia start', () => {
  test('--once goes through the whole story of a fall by itself, leaves no room unwatched and nothing running', async () => {
    const house = await startHouse(['--once', '--json']);
    await house.until((output) => output.includes('"dedicated_watching"'), 240_000);
    checkProcesses(house.processes());
    const { code, output, errors } = await house.ended;
    expect({ code, errors }).toEqual({ code: 0, errors: expect.not.stringContaining('Not seen') });
    checkTimeline(
      output
        .trim()
        .split('\n')
        .map((line): Line => JSON.parse(line)),
    );
    await eventually(() => expect(house.processes()).toEqual([]));
    checkEvents(house.documents());
    checkLogs(join(house.dataDir, 'logs'));
    checkTrace(house.dataDir);
  });

  test('Ctrl-C ends every service that npm start has started', async () => {
    const house = await startHouse([]);
    await house.until((output) => output.includes('All rooms are watched'));
    checkProcesses(house.processes());
    house.interrupt();
    expect(await house.ended).toMatchObject({ code: 0 });
    await eventually(() => expect(house.processes()).toEqual([]));
  });
});

requires('ffmpeg', 'model')('credentials', () => {
  test('of cameras and of the broker reach no output, log, event or file', async () => {
    const broker = await startBroker();
    const cameras = 'rtsp://nurse:geheim-camera@127.0.0.1:1';
    const mqtt = broker.url.replace('mqtt://', 'mqtt://house:geheim-broker@');
    const house = await startHouse(['--rooms', '0-1', '--stream-server', cameras, '--mqtt-url', mqtt]);
    await house.until((text) => /processor-a watches/.test(text) && /processor-b watches/.test(text));
    house.interrupt();
    const { output, errors } = await house.ended;
    await broker.stop();
    expect(output).toContain('processor-b watches room 1');
    const files = readdirSync(house.dataDir, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const texts = files.map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'));
    expect(texts.join('')).toContain('mqtt://***@');
    expect([output, errors, ...texts].filter((text) => text.includes('geheim'))).toEqual([]);
  });
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
    const { code, errors } = await (await startHouse(args)).ended;
    expect(errors).toMatch(sentence);
    expect(errors).not.toContain('    at ');
    expect(code).toBe(2);
  });

  test('a broker that cannot be reached', async () => {
    const { code, errors } = await (await startHouse(['--mqtt-url', 'mqtt://127.0.0.1:1'])).ended;
    expect(errors).toMatch(/No connection to the broker at 127\.0\.0\.1:1/);
    expect(code).toBe(2);
  });
});
