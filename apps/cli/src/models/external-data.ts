import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { listModels } from '@vigilia/processor';
import { UsageError } from '@vigilia/service';

/**
 * Returns the names of the files that hold weights of an ONNX model besides the model itself, such as `model.onnx.data`: the values
 * of `location` in the `external_data` of its tensors (onnx.proto, `StringStringEntryProto`: field 1 is the key, field 2 the value).
 */
function externalDataOf(modelFile: string): string[] {
  const model = readFileSync(modelFile);
  const key = Buffer.from('\x0a\x08location\x12', 'latin1');
  const names = new Set<string>();
  for (let at = model.indexOf(key); at >= 0; at = model.indexOf(key, at + key.length)) {
    const length = model[at + key.length] ?? 0;
    const name = model.toString('utf8', at + key.length + 1, at + key.length + 1 + length);
    // a length of 128 or more would take another byte; exporters write no such names
    if (length > 0 && length < 128) {
      names.add(name);
    }
  }
  return [...names];
}

/**
 * Finds the files with the weights of a model that is to be added: their names, in the folder of the model.
 * @throws UsageError `model_invalid` where one is missing or elsewhere; `model_exists` where another model has one of that name
 */
export function weightFiles(o: { file: string; modelId: string; modelsDir: string }): string[] {
  const names = externalDataOf(o.file);
  for (const name of names) {
    if (name !== basename(name) || !existsSync(join(dirname(o.file), name))) throw missing(o.file, name);
    const owner = ownerOf(o, name);
    if (owner !== undefined) throw taken(o.file, name, owner);
  }
  return names;
}

/** Returns the names of the weight files in the models folder that this model uses, and no other one does. */
export function weightsOnlyOf(o: { modelId: string; modelsDir: string }): string[] {
  const file = join(o.modelsDir, `${o.modelId}.onnx`);
  if (!existsSync(file)) return [];
  return externalDataOf(file).filter((name) => name === basename(name) && ownerOf(o, name) === undefined);
}

/** Another model whose weights are in the file of this name. */
function ownerOf({ modelId, modelsDir }: { modelId: string; modelsDir: string }, name: string): string | undefined {
  return listModels(modelsDir).find(
    (id) => id !== modelId && externalDataOf(join(modelsDir, `${id}.onnx`)).includes(name),
  );
}

const singleFile = (file: string): string => `python3 -c "import onnx; onnx.save(onnx.load('${file}'), 'single.onnx')"`;

function missing(file: string, name: string): UsageError {
  return new UsageError({
    code: 'model_invalid',
    message: `${file} keeps its weights in ${name}, which is not in the same folder.`,
    remedy: `Copy that file there too, or write both into one file: ${singleFile(basename(file))}`,
  });
}

function taken(file: string, name: string, owner: string): UsageError {
  return new UsageError({
    code: 'model_exists',
    message: `${file} keeps its weights in ${name}, and so does the model ${owner}: one would replace the weights of the other.`,
    remedy: `Write model and weights into one file, and add that: ${singleFile(basename(file))}`,
  });
}
