import { systemClock } from '@vigilia/service';
import {
  captureLogger,
  eventually,
  makeModel,
  requires,
  type TempFolder,
  tempFolder,
  vulkanDriver,
} from '@vigilia/testing';
import { providerOrderSchema } from '../config/provider-order.ts';
import type { Frame } from '../stream/frame.ts';
import { createLoadModel } from './load-model.ts';
import type { ModelHost } from './supervised-model-host.ts';

const never = new AbortController().signal;
const size = 320;
const frame = (grey: number): Frame => ({
  sourceId: 2,
  width: size,
  height: size,
  displayed: { width: size, height: size },
  sequence: 1,
  wallMs: 0,
  monotonicMs: 0,
  data: new Uint8Array(size * size * 3).fill(grey),
});

let folder: TempFolder;
let driver: string | undefined;
const hosts: ModelHost[] = [];
beforeAll(async () => {
  folder = await tempFolder('providers');
  const brightBoxes = [{ x1: 40, y1: 40, x2: 80, y2: 80 }];
  // with the product of matrices in it the graph has more than ten nodes
  await makeModel({ file: folder.file('scene.onnx'), size, boxes: [], brightBoxes, behaviour: 'slow', matmuls: 4 });
  await makeModel({ file: folder.file('broken.onnx'), size, behaviour: 'truncated' });
  driver = process.env.VK_DRIVER_FILES;
});
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
});
afterAll(async () => {
  useDriver(driver);
  await folder.remove();
});

/** Which Vulkan driver the processes of models find. */
function useDriver(file: string | undefined): void {
  for (const name of ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES']) {
    if (file === undefined) {
      delete process.env[name];
    } else {
      process.env[name] = file;
    }
  }
}

async function load(providers: string, id = 'scene') {
  const { logger, lines } = captureLogger();
  const order = providerOrderSchema.parse(providers);
  const loadModel = createLoadModel({ modelsDir: folder.path, clock: systemClock, logger, providers: order });
  const again = async (): Promise<ModelHost> => {
    const host = await loadModel(id, never);
    hosts.push(host);
    return host;
  };
  return { host: await again(), again, lines };
}

const warnings = (lines: readonly Readonly<Record<string, unknown>>[]) =>
  lines.filter(({ event }) => event === 'provider_unavailable').map(({ provider, next }) => `${provider} → ${next}`);
const peopleIn = async (host: ModelHost, grey: number): Promise<number> =>
  (await host.infer(frame(grey), { confidence: 0.25 })).detections.length;

test('a provider that cannot be loaded is left for the next, once in the log, and the CPU sees the same', async () => {
  const { host, again, lines } = await load('nonsense,cuda,cpu');
  expect(host.stats.provider).toBe('cpu');
  expect(warnings(lines)).toEqual(['nonsense → cuda', 'cuda → cpu']);
  expect(lines.find(({ provider }) => provider === 'nonsense')?.reason).toContain('it has cpu');
  expect(await peopleIn(host, 255)).toBe(1);
  expect(await peopleIn(host, 0)).toBe(0);
  expect((await again()).stats.provider).toBe('cpu');
  expect(warnings(lines)).toHaveLength(2);
});

test('a model that is broken is refused, whatever would compute it', async () => {
  await expect(load('cuda,cpu', 'broken')).rejects.toMatchObject({ code: 'model_invalid' });
});

requires('vulkan')('WebGPU on a Vulkan driver that computes on the CPU', () => {
  beforeEach(() => useDriver(vulkanDriver()));

  it('computes the model, and finds what the CPU finds', async () => {
    const { host, lines } = await load('webgpu,cpu');
    expect(host.stats.provider).toBe('webgpu');
    expect(warnings(lines)).toEqual([]);
    expect(await peopleIn(host, 255)).toBe(1);
    expect(await peopleIn(host, 0)).toBe(0);
  });

  it('is left for the CPU when there is no driver', async () => {
    useDriver(folder.file('no-driver.json'));
    const { host, lines } = await load('webgpu,cpu');
    expect(host.stats.provider).toBe('cpu');
    expect(warnings(lines)).toEqual(['webgpu → cpu']);
  });

  it('is left for the CPU when its process dies while it is used; the room goes on', async () => {
    const { host, lines } = await load('webgpu,cpu');
    process.kill(host.stats.pid ?? 0, 'SIGKILL');
    await eventually(() => expect(host.stats).toMatchObject({ provider: 'cpu', restarts: 1 }));
    expect(await peopleIn(host, 255)).toBe(1);
    expect(warnings(lines)).toEqual(['webgpu → cpu']);
  });
});
