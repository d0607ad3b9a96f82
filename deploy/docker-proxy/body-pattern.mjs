/** Characters that mean something in PCRE and in JavaScript's regular expressions outside a class. */
const special = /[\\^$.*+?()[\]{}|/]/g;

/**
 * The one anchored expression that the body of a call that creates must match as a whole, made from the orchestrator's own
 * template, so that both can only change together.
 *
 * Every field gets a mark, the marked body is serialised and escaped, then the first occurrence of a mark becomes a named
 * group with the field's pattern and each later one a reference to it: one value, wherever it stands.
 *
 * @param {(fields: any) => unknown} bodyOf makes a body from its fields
 * @param {Record<string, string>} patterns of the fields
 * @returns {string} an expression that PCRE2 and JavaScript read alike
 */
export function bodyPattern(bodyOf, patterns) {
  const names = Object.keys(patterns);
  const marks = Object.fromEntries(names.map((name, index) => [name, `mark ${index};`]));
  const source = JSON.stringify(bodyOf(marks)).replace(special, '\\$&');
  const pattern = names.reduce((text, name) => replaceMark(text, name, marks[name], patterns[name]), source);
  if (/mark \d+;/.test(pattern)) throw new Error('A field of the template has no pattern.');
  return `^${pattern}\\z`;
}

/** Numbers and lists stand without quotes in the body although their mark is a string: quotes go when the pattern is of digits or a list. */
function replaceMark(text, name, mark, fieldPattern) {
  const isBare = fieldPattern.startsWith('[1-9]') || fieldPattern.startsWith('\\[');
  const target = isBare ? `"${mark}"` : mark;
  if (!text.includes(target)) throw new Error(`The template does not use its field ${name}.`);
  let seen = false;
  return text.replaceAll(target, () => {
    if (seen) return `\\k<${name}>`;
    seen = true;
    return `(?<${name}>${fieldPattern})`;
  });
}
