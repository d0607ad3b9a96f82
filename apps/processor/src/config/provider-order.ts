import { setting } from '@vigilia/service';
import { z } from 'zod';

/** What computes models, best first: for all models, and for those that have an order of their own. */
export interface ProviderOrder {
  readonly all: readonly string[];
  readonly byModel: ReadonlyMap<string, readonly string[]>;
}

/** Present in each build of ONNX Runtime, and tried last. */
export const cpuProvider = 'cpu';

export const onlyCpu: ProviderOrder = { all: [cpuProvider], byModel: new Map() };

const example = 'webgpu,cuda,cpu; yolov11x-640=cuda,cpu';
const isName = (name: string): boolean => /^[a-z][a-z0-9]{0,31}$/.test(name);

/**
 * The schema of a list such as `webgpu,cpu; yolov11x-640=cuda,cpu`: the part without a model is for all models. Which names
 * exist is known to ONNX Runtime only, in the process that loads the model.
 */
export const providerOrderSchema = setting.text().transform((text, context): ProviderOrder => {
  let all = onlyCpu.all;
  const byModel = new Map<string, readonly string[]>();
  for (const part of text.split(';').filter((one) => one.trim() !== '')) {
    const [, model, own] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    const names = (own ?? part).split(',').map((name) => name.trim());
    if (model?.trim() === '' || !names.every(isName)) {
      context.issues.push({ code: 'custom', message: `must be written like ${example}`, input: undefined });
      return z.NEVER;
    }
    if (model === undefined) {
      all = names;
    } else {
      byModel.set(model.trim(), names);
    }
  }
  return { all, byModel };
});

/** What is tried for a model, in this order. It ends with the CPU: a room that is analysed slowly is better than one that is not. */
export function providersOf(order: ProviderOrder, modelId: string): readonly string[] {
  const names = order.byModel.get(modelId) ?? order.all;
  const beforeCpu = names.includes(cpuProvider) ? names.slice(0, names.indexOf(cpuProvider)) : names;
  return [...new Set(beforeCpu), cpuProvider];
}
