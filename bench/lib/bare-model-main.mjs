/** The process of `bare-model.ts`: MODEL THREADS [HEIGHT WIDTH] as arguments; answers {runs, cpuSeconds, wallSeconds} to {runs, seconds}. */
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [modelPath = '', threads = '1', ...sides] = process.argv.slice(2);
const session = await InferenceSession.create(modelPath, {
  executionProviders: ['cpu'],
  graphOptimizationLevel: 'all',
  intraOpNumThreads: Number(threads),
  interOpNumThreads: 1,
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
});
const [input] = session.inputMetadata;
// a free dimension has a name instead of a number: the last two are the sides of the input
const free = sides.map(Number);
const dims = input.shape.map((dim) => (typeof dim === 'number' && dim > 0 ? dim : (free.shift() ?? 1)));
// half grey: a blank picture has many denormal numbers to compute with
const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1)).fill(0.45);
const feeds = { [input.name]: new Tensor('float32', data, dims) };

async function loop({ runs, seconds }) {
  const cpu = process.cpuUsage();
  const began = performance.now();
  let done = 0;
  for (; done < runs || performance.now() - began < seconds * 1000; done++) {
    await session.run(feeds);
  }
  const wallSeconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { runs: done, cpuSeconds: (user + system) / 1e6, wallSeconds };
}

process.on('message', async (request) => process.send(await loop(request)));
process.on('disconnect', () => process.exit(0));
process.send(await loop({ runs: 2, seconds: 0 }));
