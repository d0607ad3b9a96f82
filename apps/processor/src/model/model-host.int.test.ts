import { readFileSync, writeFileSync } from 'node:fs';
import { type Clock, isAlive, systemClock } from '@vigilia/service';
import {
  captureLogger,
  eventually,
  FakeClock,
  type ModelOptions,
  makeModel,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import type { Frame } from '../stream/frame.ts';
import { createLoadModel } from './load-model.ts';
import type { ModelHost, ModelHostLimits } from './supervised-model-host.ts';

let folder: TempFolder;
const hosts: ModelHost[] = [];
beforeAll(async () => {
  folder = await tempFolder('model-host');
});
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
});
afterAll(() => folder.remove());

const { logger, lines } = captureLogger();
const never = new AbortController().signal;

async function load(
  id: string,
  model?: Partial<ModelOptions>,
  limits?: Partial<ModelHostLimits>,
  clock: Clock = systemClock,
): Promise<ModelHost> {
  if (model !== undefined) {
    await makeModel({ ...model, file: folder.file(`${id}.onnx`) });
  }
  const options = {
    modelsDir: folder.path,
    clock,
    logger,
    threads: 1,
    limits,
  };
  const host = await createLoadModel(options)(id, never);
  hosts.push(host);
  return host;
}

const frame = (size: number, source = { width: size, height: size }, grey = 0): Frame => ({
  sourceId: 2,
  width: size,
  height: size,
  displayed: source,
  sequence: 1,
  wallMs: 0,
  monotonicMs: 0,
  data: new Uint8Array(size * size * 3).fill(grey),
});
const look = { confidence: 0.25 };

/** Child processes of this one, as the kernel knows them. */
function children(): number[] {
  const text = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(/\s+/).map(Number);
}

test('what the model finds comes back in pixels of the camera', async () => {
  const host = await load('fixed', { size: 320, boxes: [{ x1: 80, y1: 120, x2: 160, y2: 200 }] });
  expect(host.description).toMatchObject({ layout: 'yolo-detect', width: 320, height: 320 });
  const result = await host.infer(frame(320, { width: 640, height: 320 }), look);
  expect(result).toMatchObject({ passes: 1 });
  expect(result.detections).toHaveLength(1);
  // 640×320 lies in 320×320 at half size, 80 rows from the top
  expect(result.detections[0]).toMatchObject({ className: 'person', box: { x1: 160, y1: 80, x2: 320, y2: 240 } });
  expect(result.inferenceMs).toBeGreaterThan(0);
});

test('the frame is really seen: another frame, another answer; also with several in flight', async () => {
  const box = { x1: 40, y1: 40, x2: 80, y2: 80 };
  const host = await load('bright', { size: 320, boxes: [], brightBoxes: [box] });
  const answers = await Promise.all([0, 255, 0, 255].map((grey) => host.infer(frame(320, undefined, grey), look)));
  expect(answers.map(({ detections }) => detections.length)).toEqual([0, 1, 0, 1]);
});

test('turned passes where the JSON beside the model demands them', async () => {
  writeFileSync(folder.file('turning.json'), JSON.stringify({ passes: [0, 90, -90] }));
  const host = await load('turning', { size: 320 });
  expect((await host.infer(frame(320), look)).passes).toBe(3);
});

test('turned passes of several frames may be in flight together, each with its own answer', async () => {
  writeFileSync(folder.file('mixed.json'), JSON.stringify({ passes: [0, 90, -90] }));
  const box = { x1: 40, y1: 40, x2: 80, y2: 80 };
  const host = await load('mixed', { size: 320, boxes: [], brightBoxes: [box] });
  const answers = await Promise.all([255, 0, 255, 0].map((grey) => host.infer(frame(320, undefined, grey), look)));
  expect(answers.map(({ detections }) => detections.length > 0)).toEqual([true, false, true, false]);
});

test.each<[string, Partial<ModelOptions>, RegExp]>([
  ['a truncated file', { behaviour: 'truncated' }, /cannot be used/],
  ['an output of no known layout', { behaviour: 'bad_shape' }, /no known layout/],
  ['an answer that is not a number', { behaviour: 'nan' }, /NaN|finite/],
])('%s is model_invalid, and no process is left', async (name, model, message) => {
  const before = children();
  await expect(load(name.replaceAll(' ', '-'), { size: 320, ...model })).rejects.toMatchObject({
    code: 'model_invalid',
    message: expect.stringMatching(message),
  });
  await eventually(() => expect(children()).toEqual(before));
});

test('a broken JSON beside the model is reported', async () => {
  writeFileSync(folder.file('json.json'), '{');
  await expect(load('json', { size: 320 })).rejects.toMatchObject({
    code: 'model_invalid',
    message: expect.stringContaining('JSON beside the model'),
  });
});

test('a model that hangs at load is given up at its limit', async () => {
  const before = children();
  const hang = load('hang', { size: 320, behaviour: 'slow', matmuls: 20_000 }, { loadMs: 2000 });
  await expect(hang).rejects.toMatchObject({ code: 'model_invalid', message: expect.stringContaining('2 s') });
  await eventually(() => expect(children()).toEqual(before));
});

test('a model that crashes at load is reported with how it ended', async () => {
  const before = children();
  const loading = load('crash', { size: 320, behaviour: 'slow', matmuls: 20_000 });
  const failed = expect(loading).rejects.toMatchObject({
    code: 'model_invalid',
    message: expect.stringContaining('SIGKILL'),
  });
  const pid = await eventually(() => {
    const fresh = children().filter((child) => !before.includes(child));
    expect(fresh).toHaveLength(1);
    return fresh[0] as number;
  });
  process.kill(pid, 'SIGKILL');
  await failed;
});

test('loading can be called off: the child is ended', async () => {
  const before = children();
  const abort = new AbortController();
  await makeModel({ file: folder.file('off.onnx'), size: 320, behaviour: 'slow', matmuls: 20_000 });
  const loading = createLoadModel({ modelsDir: folder.path, clock: systemClock, logger })('off', abort.signal);
  const failed = expect(loading).rejects.toThrow('no longer needed');
  await eventually(() => expect(children().length).toBe(before.length + 1));
  abort.abort(new Error('no longer needed'));
  await failed;
  await eventually(() => expect(children()).toEqual(before));
});

test('kill -9 costs one frame; the next is answered by a replacement', async () => {
  const host = await load('killed', { size: 320, behaviour: 'slow', matmuls: 100 });
  const pid = host.stats.pid as number;
  const doomed = host.infer(frame(320), look);
  process.kill(pid, 'SIGKILL');
  await expect(doomed).rejects.toMatchObject({ name: 'ModelHostError', code: 'lost' });
  await expect(host.infer(frame(320), look)).resolves.toMatchObject({ passes: 1 });
  expect(host.stats).toMatchObject({ restarts: 1, lost: 1 });
  expect(host.stats.pid).not.toBe(pid);
  expect(lines.some((line) => line.event === 'model_host_lost' && line.model_id === 'killed')).toBe(true);
});

test('what happened to the hosts of a model is still counted when it was swapped out and in again', async () => {
  await makeModel({ file: folder.file('counted.onnx'), size: 320 });
  const loadModel = createLoadModel({ modelsDir: folder.path, clock: systemClock, logger, threads: 1 });
  const first = await loadModel('counted', never);
  hosts.push(first);
  process.kill(first.stats.pid as number, 'SIGKILL');
  await expect(first.infer(frame(320), look)).rejects.toMatchObject({ code: 'lost' });
  await first.stop();
  const second = await loadModel('counted', never);
  hosts.push(second);
  expect(second.stats).toMatchObject({ restarts: 1, lost: 1 });
});

test('a host that hangs is replaced', async () => {
  const host = await load('stopped', { size: 320 }, { hangMs: 3000 });
  const pid = host.stats.pid as number;
  process.kill(pid, 'SIGSTOP');
  await expect(host.infer(frame(320), look)).rejects.toMatchObject({ code: 'lost' });
  await expect(host.infer(frame(320), look)).resolves.toMatchObject({ passes: 1 });
  await eventually(() => expect(isAlive(pid)).toBe(false));
});

test.each(['SIGSTOP', 'SIGKILL'] as const)(
  'two pictures in a host when it gets a %s: the first is lost, the second may be asked again, and one replacement comes',
  async (signal) => {
    const id = `two-${signal}`;
    const host = await load(id, { size: 320, behaviour: 'slow', matmuls: 30 }, { hangMs: 3000 });
    process.kill(host.stats.pid as number, signal);
    const both = await Promise.allSettled([host.infer(frame(320), look), host.infer(frame(320), look)]);
    expect(both).toMatchObject([{ reason: { code: 'lost' } }, { reason: { code: 'untouched' } }]);
    await expect(host.infer(frame(320), look)).resolves.toMatchObject({ passes: 1 });
    expect(host.stats).toMatchObject({ restarts: 1, lost: 1 });
    expect(lines.filter((line) => line.event === 'model_host_lost' && line.model_id === id)).toHaveLength(1);
  },
);

test('a frame that cannot be handed over is an error of its own: the healthy host is not taken for one that hangs', async () => {
  const clock = new FakeClock();
  const host = await load('handed', { size: 320 }, {}, clock);
  const picture = { ...frame(320), data: undefined as unknown as Uint8Array };
  await expect(host.infer(picture, look)).rejects.toThrow();
  expect(clock.pending).toBe(0);
  await expect(host.infer(frame(320), look)).resolves.toMatchObject({ passes: 1 });
  expect(host.stats).toMatchObject({ restarts: 0, lost: 0 });
});

test('slow answers do not count as a hang: the limit is twenty times the usual time', async () => {
  const host = await load('slow', { size: 320, behaviour: 'slow', matmuls: 60 }, { hangMs: 1 });
  expect(host.stats.usualMs).toBeGreaterThan(1);
  for (let i = 0; i < 3; i++) {
    await host.infer(frame(320), look);
  }
  expect(host.stats).toMatchObject({ restarts: 0, lost: 0 });
});

test('stop waits for the work in flight, ends the process, and can be called twice', async () => {
  const host = await load('ending', { size: 320, behaviour: 'slow', matmuls: 100 });
  const pid = host.stats.pid as number;
  const last = host.infer(frame(320), look);
  await Promise.all([host.stop(), host.stop()]);
  await expect(last).resolves.toMatchObject({ passes: 1 });
  expect(isAlive(pid)).toBe(false);
  await expect(host.infer(frame(320), look)).rejects.toMatchObject({ code: 'stopped' });
});

test('two models work side by side', async () => {
  const [a, b] = [await load('one', { size: 320, boxes: [] }), await load('two', { size: 640 })];
  const [ra, rb] = await Promise.all([a.infer(frame(320), look), b.infer(frame(640), look)]);
  expect([ra.detections.length, rb.detections.length]).toEqual([0, 1]);
  expect(a.stats.pid).not.toBe(b.stats.pid);
});
