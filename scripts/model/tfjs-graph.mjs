/**
 * Reads a TensorFlow.js graph model (`model.json` and its weight files) into plain nodes and typed arrays.
 * Format: https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts (ModelJSON, WeightsManifestEntry).
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeFloat16 } from './float16.mjs';

/** @typedef {number | boolean | string | number[] | string[]} Attribute */
/** @typedef {{ name: string, op: string, inputs: string[], attributes: Record<string, Attribute> }} GraphNode */
/** @typedef {{ shape: number[], data: Float32Array | Int32Array }} Weight */
/** @typedef {{ nodes: Map<string, GraphNode>, weights: Map<string, Weight> }} Graph */
/** @typedef {{ name: string, shape: number[], dtype: string, quantization?: { dtype: string } }} WeightEntry */
/** @typedef {{ i?: string, f?: number, b?: boolean, s?: string, list?: { i?: string[], s?: string[] } }} RawAttribute */
/** @typedef {{ name: string, op: string, input?: string[], attr?: Record<string, RawAttribute> }} RawNode */

/**
 * @param {string} modelJsonPath path of `model.json`; the weight files lie beside it
 * @returns {Promise<Graph>}
 */
export async function readGraph(modelJsonPath) {
  const model = JSON.parse(await readFile(modelJsonPath, 'utf8'));
  const weights = new Map();
  for (const group of model.weightsManifest) {
    const parts = group.paths.map((/** @type {string} */ path) => readFile(join(dirname(modelJsonPath), path)));
    readWeights(group.weights, Buffer.concat(await Promise.all(parts)), weights);
  }
  return { nodes: readNodes(model.modelTopology.node), weights };
}

/**
 * @param {RawNode[]} rawNodes
 * @returns {Map<string, GraphNode>} by name, in the file's (topological) order
 */
export function readNodes(rawNodes) {
  return new Map(
    rawNodes.map((raw) => {
      const attributes = Object.fromEntries(Object.entries(raw.attr ?? {}).flatMap(readAttribute));
      return [raw.name, { name: raw.name, op: raw.op, inputs: raw.input ?? [], attributes }];
    }),
  );
}

/**
 * @param {[string, RawAttribute]} entry
 * @returns {[string, Attribute][]} empty for what a translation does not need (types, shapes)
 */
function readAttribute([name, raw]) {
  const text = (/** @type {string} */ base64) => Buffer.from(base64, 'base64').toString('latin1');
  if (raw.i !== undefined) return [[name, Number(raw.i)]];
  if (raw.f !== undefined) return [[name, raw.f]];
  if (raw.b !== undefined) return [[name, raw.b]];
  if (raw.s !== undefined) return [[name, text(raw.s)]];
  if (raw.list?.s) return [[name, raw.list.s.map(text)]];
  if (raw.list?.i) return [[name, raw.list.i.map(Number)]];
  return [];
}

/**
 * @param {WeightEntry[]} entries in the order of their bytes
 * @param {Buffer} bytes
 * @param {Map<string, Weight>} weights receives the tensors, float16 widened to float32
 */
export function readWeights(entries, bytes, weights) {
  let offset = 0;
  for (const { name, shape, dtype, quantization } of entries) {
    const stored = quantization?.dtype ?? dtype;
    const count = shape.reduce((product, size) => product * size, 1);
    const width = stored === 'float16' ? 2 : 4;
    const slice = bytes.buffer.slice(bytes.byteOffset + offset, bytes.byteOffset + offset + count * width);
    weights.set(name, { shape, data: decode(name, stored, slice) });
    offset += count * width;
  }
  if (offset !== bytes.length) {
    throw new Error(`The weight files hold ${bytes.length} bytes, but the manifest describes ${offset}.`);
  }
}

/**
 * @param {string} name
 * @param {string} stored
 * @param {ArrayBufferLike} buffer
 */
function decode(name, stored, buffer) {
  if (stored === 'float16') return decodeFloat16(new Uint16Array(buffer));
  if (stored === 'float32') return new Float32Array(buffer);
  if (stored === 'int32') return new Int32Array(buffer);
  throw new Error(`Weight ${name} is stored as ${stored}, which this reader does not know.`);
}
