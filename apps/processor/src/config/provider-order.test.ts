import { providerOrderSchema, providersOf } from './provider-order.ts';

test.each<[string, string, readonly string[]]>([
  ['cpu', 'movenet', ['cpu']],
  ['webgpu,cuda,cpu', 'movenet', ['webgpu', 'cuda', 'cpu']],
  ['webgpu', 'movenet', ['webgpu', 'cpu']],
  ['webgpu, webgpu ,cpu,cuda', 'movenet', ['webgpu', 'cpu']],
  ['webgpu,cpu; yolov11x-640=cuda', 'yolov11x-640', ['cuda', 'cpu']],
  ['webgpu,cpu; yolov11x-640=cuda', 'movenet', ['webgpu', 'cpu']],
  ['yolov11x-640=cuda', 'movenet', ['cpu']],
  ['m=cuda;m=webgpu', 'm', ['webgpu', 'cpu']],
])('%s for %s', (text, model, order) => {
  expect(providersOf(providerOrderSchema.parse(text), model)).toEqual(order);
});

test.each(['webgpu,', '=cuda', 'web gpu', 'm=', 'CUDA', 'm=cuda=cpu'])('%s is refused with an example', (text) => {
  expect(providerOrderSchema.safeParse(text).error?.issues[0]?.message).toContain('must be written like webgpu');
});
