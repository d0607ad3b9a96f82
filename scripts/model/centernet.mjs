import { foldActivations } from './fold-activations.mjs';
import { encodeOnnx } from './onnx-file.mjs';
import { readGraph } from './tfjs-graph.mjs';
import { translate } from './translate.mjs';

const PORTS = {
  input: { name: 'tower_0/images', shape: [1, 512, 512, 3] },
  outputs: [
    { name: 'tower_0/keypoints', shape: [1, 128, 128, 80] },
    { name: 'tower_0/wh', shape: [1, 128, 128, 4] },
    { name: 'tower_0/max_pooling2d/MaxPool', shape: [1, 128, 128, 80] },
  ],
};

/**
 * CenterNet on MobileNetV3 (80 COCO classes) as ONNX, without the top-k part behind the heat map.
 * @param {string} modelJsonPath `models/centernet.json` of the npm package @vladmandic/human
 * @returns {Promise<Uint8Array>}
 */
export async function makeCenterNet(modelJsonPath) {
  const graph = foldActivations(await readGraph(modelJsonPath));
  const note = 'CenterNet on MobileNetV3 from the npm package @vladmandic/human (MIT), translated from TensorFlow.js.';
  return encodeOnnx(translate(graph, PORTS), { name: 'centernet-512', note });
}
