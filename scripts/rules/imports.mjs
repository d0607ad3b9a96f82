import { posix } from 'node:path';

/**
 * Returns the relative imports of a source as paths in the repository.
 * @param {string} path in the repository
 * @param {string} code
 */
export function relativeImports(path, code) {
  return [...code.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*'(\.{1,2}\/[^']+)'/g)].map(([, target = '']) =>
    posix.join(posix.dirname(path), target),
  );
}
