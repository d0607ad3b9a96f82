import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ModelFiles } from './model-files.ts';

/**
 * Returns the SHA-256 of a model. A single ONNX file has the one that `sha256sum FILE` prints. Where a description or weights belong to
 * it, it is that of the list of all files: `sha256sum ID.onnx ID.json | sha256sum`.
 * @throws the system's error when a file cannot be read
 */
export async function modelHash({ modelPath, jsonPath }: ModelFiles): Promise<string> {
  const others = [jsonPath, `${modelPath}.data`, `${modelPath}_data`].filter((path) => existsSync(path));
  if (others.length === 0) return await fileHash(modelPath);
  const list = createHash('sha256');
  for (const path of [modelPath, ...others]) {
    list.update(`${await fileHash(path)}  ${basename(path)}\n`);
  }
  return list.digest('hex');
}

async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
