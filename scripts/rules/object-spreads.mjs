import { visitNodes } from './sources.mjs';

/**
 * Counts the spreads of an object literal in a source: `...{ … }`, `...(condition && { … })`, `...(condition ? { … } : {})`. They
 * hide a list of keys. The spread of a variable (`...defaults`) is not counted.
 * @param {string} path in the repository
 * @param {string} code
 */
export function countObjectSpreads(path, code) {
  let count = 0;
  visitNodes(path, code, (node) => {
    if (node.type !== 'ObjectExpression') return;
    for (const { type, arguments: spread } of node.properties) {
      if (type === 'SpreadElement' && isLiteral(spread)) {
        count += 1;
      }
    }
  });
  return count;
}

/**
 * @param {Record<string, any>} expression
 * @returns {boolean} whether its value comes from an object literal
 */
function isLiteral(expression) {
  switch (expression.type) {
    case 'ParenthesisExpression':
    case 'TsAsExpression':
    case 'TsConstAssertion':
      return isLiteral(expression.expression);
    case 'ConditionalExpression':
      return isLiteral(expression.consequent) || isLiteral(expression.alternate);
    case 'BinaryExpression':
      return isLiteral(expression.right);
    default:
      return expression.type === 'ObjectExpression';
  }
}
