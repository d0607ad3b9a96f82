/** Characters after which a slash begins a regular expression and not a division. */
const BEFORE_REGEXP = /(?:^|[=(,:[!&|?{};]|\breturn|\btypeof|=>)\s*$/;

/**
 * @typedef {{ line: number, text: string }} Prose a piece of text that people read, with the line where it begins (from 1)
 */

/**
 * Returns what people read in a file: everything in Markdown, comments and string literals in TypeScript and JavaScript, comments in
 * scripts and configuration.
 * @param {string} file its name decides how it is read
 * @param {string} text
 * @returns {Prose[]}
 */
export function proseOf(file, text) {
  if (file.endsWith('.md')) return markdownProse(text);
  return /\.(tsx?|mjs|cjs)$/.test(file) ? codeProse(text) : commentLines(text);
}

/**
 * Leaves out code and file names.
 * @param {string} text
 * @returns {Prose[]}
 */
function markdownProse(text) {
  const blank = (/** @type {string} */ code) => code.replace(/[^\n]/g, ' ');
  const prose = text
    .replace(/^ *```[\s\S]*?^ *```/gm, blank)
    .replace(/`[^`\n]+`|\]\([^)]*\)|[\w/-]+\.(ts|mjs|md)\b/g, blank);
  return prose.split('\n').map((line, index) => ({ line: index + 1, text: line }));
}

/**
 * @param {string} text
 * @returns {Prose[]}
 */
function commentLines(text) {
  return text.split('\n').flatMap((line, index) => {
    const comment = /(?:^|\s)#(?!!)\s?(.*)$/.exec(line)?.[1];
    return comment === undefined ? [] : [{ line: index + 1, text: comment }];
  });
}

/**
 * @param {string} text
 * @returns {Prose[]}
 */
function codeProse(text) {
  const found = [];
  let at = 0;
  while (at < text.length) {
    const piece = pieceAt(text, at);
    if (piece === undefined) {
      at += 1;
      continue;
    }
    if (piece.isProse && !isModulePath(text.slice(at + 1, piece.end))) {
      found.push(...linesOf(text, at, piece.end));
    }
    at = piece.end;
  }
  return found;
}

/** @param {string} text of a string literal */
function isModulePath(text) {
  return /^\.{1,2}\/\S+['"]$/.test(text);
}

/**
 * The comment, string or regular expression that begins at a place.
 * @param {string} text
 * @param {number} at
 * @returns {{ end: number, isProse: boolean } | undefined}
 */
function pieceAt(text, at) {
  const two = text.slice(at, at + 2);
  if (two === '//') return { end: endOf(text, '\n', at), isProse: true };
  if (two === '/*') return { end: endOf(text, '*/', at + 2), isProse: true };
  const [one] = two;
  if (one === "'" || one === '"' || one === '`') return { end: quoteEnd(text, at, one), isProse: true };
  if (one === '/' && BEFORE_REGEXP.test(text.slice(Math.max(0, at - 20), at)))
    return { end: regexpEnd(text, at), isProse: false };
  return undefined;
}

/**
 * @param {string} text
 * @param {string} mark
 * @param {number} from
 */
function endOf(text, mark, from) {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end + mark.length;
}

/**
 * @param {string} text
 * @param {number} from
 * @param {string} quote
 */
function quoteEnd(text, from, quote) {
  let at = from + 1;
  while (at < text.length && text[at] !== quote && (quote === '`' || text[at] !== '\n')) {
    at += text[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}

/**
 * @param {string} text
 * @param {number} from
 */
function regexpEnd(text, from) {
  let isClass = false;
  let at = from + 1;
  for (; at < text.length && text[at] !== '\n'; at += 1) {
    if (text[at] === '\\') {
      at += 1;
    } else if (text[at] === '[') {
      isClass = true;
    } else if (text[at] === ']') {
      isClass = false;
    } else if (text[at] === '/' && !isClass) break;
  }
  return at + 1;
}

/**
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @returns {Prose[]}
 */
function linesOf(text, from, to) {
  const first = text.slice(0, from).split('\n').length;
  return text
    .slice(from, to)
    .split('\n')
    .map((line, index) => ({
      line: first + index,
      text: line.replace(/`[^`]+`/g, (code) => (index === 0 && line === code ? code : ' ')),
    }));
}
