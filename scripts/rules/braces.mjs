import { visitNodes } from './sources.mjs';

const ALONE = new Set([
  'BlockStatement',
  'ReturnStatement',
  'ThrowStatement',
  'ContinueStatement',
  'BreakStatement',
  'EmptyStatement',
]);
const LOOPS = new Set(['ForStatement', 'ForOfStatement', 'ForInStatement', 'WhileStatement', 'DoWhileStatement']);

/**
 * Counts the branches and loops of a source whose statement has no braces. A `return`, `throw`, `continue` or `break` needs none: it
 * leaves, so that no line can be added behind it by mistake.
 * @param {string} path in the repository
 * @param {string} code
 */
export function countMissingBraces(path, code) {
  let count = 0;
  /** @param {{ type: string } | null | undefined} statement */
  const check = (statement, mayBeIf = false) => {
    if (!statement || ALONE.has(statement.type) || (mayBeIf && statement.type === 'IfStatement')) return;
    count += 1;
  };
  visitNodes(path, code, (node) => {
    if (node.type === 'IfStatement') {
      check(node.consequent);
      check(node.alternate, true);
    }
    if (LOOPS.has(node.type)) {
      check(node.body);
    }
  });
  return count;
}
