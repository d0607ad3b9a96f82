import { InferenceSession, Tensor } from 'onnxruntime-node';
import { letterbox } from './letterbox.mjs';
import { findPeople } from './peaks.mjs';

const STRIDE = 4;

/**
 * A session of the finished model, to check it with pictures.
 * @param {{ model: Uint8Array, ffmpeg: string }} options bytes of the ONNX file
 */
export async function createDetector({ model, ffmpeg }) {
  const session = await InferenceSession.create(model, {
    intraOpNumThreads: 1,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  return {
    /**
     * @param {string} picture path of a PNG or JPEG
     * @param {{ size: number, confidence: number }} query side of the square that the picture is put in, a multiple of 32
     */
    async people(picture, { size, confidence }) {
      const pixels = planes(await letterbox({ ffmpeg, picture, size }));
      const outputs = await session.run({ images: new Tensor('float32', pixels, [1, 3, size, size]) });
      const [centre, boxSize, offset] = ['centre', 'box_size', 'box_offset'].map((name) => floats(outputs[name]));
      if (!centre || !boxSize || !offset) throw new Error('The model lacks one of its outputs.');
      const side = size / STRIDE;
      return findPeople({ centre, size: boxSize, offset, rows: side, columns: side }, confidence);
    },
    close: () => session.release(),
  };
}

/**
 * @param {Float32Array} pixels RGB, one pixel after the other
 * @returns {Float32Array} the same, one colour after the other
 */
function planes(pixels) {
  const count = pixels.length / 3;
  return Float32Array.from(pixels, (_, at) => pixels[(at % count) * 3 + Math.floor(at / count)] ?? 0);
}

/** @param {Tensor | undefined} tensor */
function floats(tensor) {
  return tensor?.data instanceof Float32Array ? tensor.data : undefined;
}
