/** @typedef {import('./tfjs-graph.mjs').Weight} Weight */
/** @typedef {import('./translate.mjs').Tensor} Tensor */

/**
 * Convolution weights from TensorFlow's order (HWIO, depthwise HWC1) to ONNX's (OIHW, depthwise C1HW).
 * @param {Weight} weight four dimensions
 * @param {{ depthwise: boolean }} kind
 * @returns {Tensor}
 * @throws {Error} for a depthwise weight with a channel multiplier other than 1
 */
export function oihw({ shape, data }, { depthwise }) {
  const [height = 0, width = 0, third = 0, fourth = 0] = shape;
  if (shape.length !== 4 || (depthwise && fourth !== 1)) {
    throw new Error(
      `A ${depthwise ? 'depthwise ' : ''}convolution weight of shape ${shape} has no translation to ONNX.`,
    );
  }
  const [outputs, inputs] = depthwise ? [third, 1] : [fourth, third];
  const result = new Float32Array(data.length);
  let at = 0;
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      for (let pixel = 0; pixel < height * width; pixel++) {
        result[at++] = data[pixel * third * fourth + (depthwise ? output : input * fourth + output)] ?? 0;
      }
    }
  }
  return { shape: [outputs, inputs, height, width], data: result };
}

/**
 * A constant that TensorFlow broadcasts over the last axis, made to broadcast over axis 1.
 * @param {Weight} weight a scalar or one value a channel
 * @returns {Tensor}
 */
export function perChannel({ shape, data }) {
  if (shape.filter((size) => size > 1).length > 1 || (data.length > 1 && shape.at(-1) !== data.length)) {
    throw new Error(`A constant of shape ${shape} cannot be broadcast over the channels.`);
  }
  return { shape: data.length === 1 ? [] : [1, data.length, 1, 1], data: Float32Array.from(data) };
}
