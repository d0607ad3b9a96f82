const CENTERNET = {
  layout: 'centernet',
  width: 512,
  height: 512,
  channelOrder: 'nhwc',
  colour: 'rgb',
  scale: '0..255',
};

/** The model files made at set-up: id → the description beside the ONNX file (schema: packages/vision, model-json.ts). */
export const DESCRIPTIONS = {
  'centernet-512': {
    ...CENTERNET,
    passes: [0],
    note: 'CenterNet on MobileNetV3 (COCO) from the npm package @vladmandic/human (MIT). Small and weak: it exists so that the product runs out of the box.',
  },
  'centernet-512-turned': {
    ...CENTERNET,
    passes: [0, 90, -90],
    note: 'The same weights as centernet-512, not a better model: each frame is looked at three times, upright and turned by a quarter to either side, because people who lie are found more surely when they stand in the picture. It takes three times as long.',
  },
};
