import { visitNodes } from './sources.mjs';

const READINGS = new Set([
  'allTextContents',
  'count',
  'getAttribute',
  'innerText',
  'inputValue',
  'isChecked',
  'isDisabled',
  'isVisible',
  'textContent',
]);

/**
 * Counts the expectations of a browser test that read the page once, outside of `eventually`. A page shows a message some time after it was
 * sent, so that such a test passes or fails with the load of the machine.
 * @param {string} path in the repository
 * @param {string} code
 */
export function countSingleReadings(path, code) {
  const all = new Set();
  const repeated = new Set();
  visitNodes(path, code, (node) => {
    if (isCallOf(node, 'eventually')) {
      collectReadings(node, repeated);
    }
    if (isCallOf(node, 'expect')) {
      collectReadings(node, all);
    }
  });
  return [...all].filter((start) => !repeated.has(start)).length;
}

/**
 * @param {Record<string, any>} node
 * @param {string} name
 */
function isCallOf(node, name) {
  return node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.value === name;
}

/**
 * Adds where each `await locator.count()` and the like starts in the source.
 * @param {unknown} value a node or a part of one
 * @param {Set<number>} starts
 */
function collectReadings(value, starts) {
  if (typeof value !== 'object' || value === null) return;
  const node = /** @type {Record<string, any>} */ (value);
  const call = node.type === 'AwaitExpression' ? node.argument : undefined;
  if (call?.type === 'CallExpression' && READINGS.has(call.callee.property?.value)) {
    starts.add(call.span.start);
  }
  for (const child of Object.values(node)) {
    collectReadings(child, starts);
  }
}
