import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { captureLogger, FakeClock, type TempFolder, tempFolder } from '@vigilia/testing';
import { findRoom, initialConfig, newRoom, type ProcessorConfig } from '../config/processor-config.ts';
import { overriddenFlags } from './overridden-flags.ts';
import { StateFile } from './state-file.ts';

const defaults = { modelId: 'small', maxFps: 0.1, confidence: 0.25, tracking: true, decode: 'auto' } as const;
const zones = [
  {
    kind: 'bed' as const,
    points: [
      [0, 0],
      [1, 0],
      [1, 1],
    ] as [number, number][],
  },
];
const operator = { by: 'operator', command_id: 'c-1', at: '2026-01-01T00:00:00.000Z' } as const;
const config: ProcessorConfig = {
  ...initialConfig(defaults, [0]),
  setBy: { model_id: operator },
  removed: [{ sourceId: 3, setBy: operator }],
  rooms: [
    newRoom(defaults, 0, { generation: 4, setBy: { max_fps: operator } }),
    newRoom(defaults, 8, { uri: 'rtsp://u:p@cam/8', zones, maxFps: 2, singleSession: true }),
  ],
  modelGeneration: 3,
};

let folder: TempFolder;
beforeEach(async () => {
  folder = await tempFolder('state');
});
afterEach(() => folder.remove());

function stateFile() {
  const { logger, lines } = captureLogger();
  const file = new StateFile({ stateDir: folder.file('deep'), instanceId: 'a', clock: new FakeClock(), logger });
  return { file, lines };
}

it('gives back what was accepted, without the restarts', async () => {
  const { file } = stateFile();
  expect(await file.load()).toBeUndefined();
  await file.save(config, 'renamed');
  const loaded = await file.load();
  expect(loaded?.instanceId).toBe('renamed');
  expect(loaded?.config).toEqual({
    ...config,
    rooms: config.rooms.map((room) => ({ ...room, generation: 0 })),
    modelGeneration: 0,
  });
});

it('of an earlier version, without owners, counts as the flags of that time', async () => {
  const { file } = stateFile();
  await file.save(config, 'a');
  const { set_by: _owners, removed: _removed, rooms, ...rest } = JSON.parse(await readFile(file.path, 'utf8'));
  const earlier = { ...rest, rooms: rooms.map(({ set_by: _of, ...room }: Record<string, unknown>) => room) };
  await writeFile(file.path, JSON.stringify(earlier));
  const loaded = (await file.load())?.config;
  const flags = { by: 'flags', at: rest.saved_at };
  expect(loaded?.setBy).toMatchObject({ model_id: flags, max_fps: flags });
  expect(loaded?.rooms[0]?.setBy).toMatchObject({ stream: flags, model_id: flags, max_fps: flags });
  expect(loaded?.removed).toEqual([]);
});

it('is readable by its owner alone: addresses may hold a password', async () => {
  const { file } = stateFile();
  await file.save(config, 'a');
  expect((await stat(file.path)).mode & 0o777).toBe(0o600);
});

it.each([
  ['half a file', '{"version": 1, "rooms": ['],
  ['another program’s file', '{"hello": "world"}'],
  ['a value out of range', '{"version":1,"saved_at":"","instance_id":"a","defaults":{"model_id":"../x"},"rooms":[]}'],
])('%s is set aside with an error event, not lost', async (_, text) => {
  const { file, lines } = stateFile();
  await file.save(config, 'a');
  await writeFile(file.path, text);
  expect(await file.load()).toBeUndefined();
  expect(lines.map((line) => [line.level, line.event])).toEqual([['ERROR', 'state_corrupt']]);
  const names = await readdir(folder.file('deep'));
  expect(names).toHaveLength(1);
  expect(await readFile(folder.file(`deep/${names[0]}`), 'utf8')).toBe(text);
});

it('of a later version is set aside with its cause: after going back, the processor starts with its flags', async () => {
  const { file, lines } = stateFile();
  await file.save(config, 'a');
  const later = { ...JSON.parse(await readFile(file.path, 'utf8')), version: 2 };
  await writeFile(file.path, JSON.stringify(later));
  expect(await file.load()).toBeUndefined();
  expect(lines).toMatchObject([{ event: 'state_too_new', set_aside: expect.stringContaining(file.path) }]);
});

it('--reset-state starts with the flags, whatever commands had set', async () => {
  const { file } = stateFile();
  await file.save(config, 'a');
  await file.reset();
  expect(await file.load()).toBeUndefined();
  await file.reset();
});

it('names the flags that lose against the state, and only those that were given', () => {
  const flags = initialConfig({ ...defaults, maxFps: 1, modelId: 'large' }, [0]);
  const lost = overriddenFlags(flags, config, (flag) => flag !== '--model');
  expect(lost).toEqual([
    { flag: '--streams', given: [0], stored: [0, 8] },
    { flag: '--max-fps', given: 1, stored: 0.1 },
  ]);
  expect(findRoom(config, 8)?.maxFps).toBe(2);
});
