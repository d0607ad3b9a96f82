import { InferenceSession, Tensor } from 'onnxruntime-node';
import { letterbox } from './letterbox.mjs';
import { findPeople } from './peaks.mjs';

const SIZE = 512;
const [INPUT, KEYPOINTS, SIZES, MAXIMA] = [
  'tower_0/images',
  'tower_0/keypoints',
  'tower_0/wh',
  'tower_0/max_pooling2d/MaxPool',
];

/**
 * A session of the finished model, to check it with pictures.
 * @param {{ model: string | Uint8Array, ffmpeg: string }} options path or bytes of the ONNX file
 */
export async function createDetector({ model, ffmpeg }) {
  const options = { intraOpNumThreads: 1, extra: { session: { intra_op: { allow_spinning: '0' } } } };
  const session =
    typeof model === 'string'
      ? await InferenceSession.create(model, options)
      : await InferenceSession.create(model, options);
  return {
    /**
     * @param {string} picture path of a PNG or JPEG
     * @param {number} confidence
     */
    async people(picture, confidence) {
      const pixels = await letterbox({ ffmpeg, picture, size: SIZE });
      const outputs = await session.run({ [INPUT]: new Tensor('float32', pixels, [1, SIZE, SIZE, 3]) });
      const [keypoints, sizes, maxima] = [KEYPOINTS, SIZES, MAXIMA].map((name) => floats(outputs[name]));
      if (!keypoints || !sizes || !maxima) throw new Error('The model lacks one of its three outputs.');
      return findPeople({ keypoints, sizes, maxima }, confidence);
    },
    close: () => session.release(),
  };
}

/** @param {Tensor | undefined} tensor */
function floats(tensor) {
  return tensor?.data instanceof Float32Array ? tensor.data : undefined;
}
