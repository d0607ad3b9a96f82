/** How swc turns our TypeScript into JavaScript: the same in Jest and in Node's loader. */
export const swcOptions = {
  jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};
