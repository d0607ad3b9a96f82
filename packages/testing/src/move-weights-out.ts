import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;
const EXTERNAL = onnx.TensorProto.DataLocation.EXTERNAL;

/** Rewrites an ONNX file so that its weights are in another file beside it, as exporters do with large models; returns its path. */
export async function moveWeightsOut(modelFile: string, weightsName: string): Promise<string> {
  const model = onnx.ModelProto.decode(await readFile(modelFile));
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const tensor of model.graph?.initializer ?? []) {
    const data = tensor.rawData ?? new Uint8Array();
    const entries = { location: weightsName, offset: String(offset), length: String(data.length) };
    tensor.externalData = Object.entries(entries).map(([key, value]) =>
      onnx.StringStringEntryProto.create({ key, value }),
    );
    tensor.dataLocation = EXTERNAL;
    tensor.rawData = new Uint8Array();
    parts.push(data);
    offset += data.length;
  }
  const weightsFile = join(dirname(modelFile), weightsName);
  await writeFile(weightsFile, Buffer.concat(parts));
  await writeFile(modelFile, onnx.ModelProto.encode(model).finish());
  return weightsFile;
}
