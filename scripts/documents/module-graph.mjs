import { dirname, join, normalize } from 'node:path';
import { readText, textFiles } from './repository-files.mjs';

const PACKAGE_IMPORT = /^@vigilia\/(house|protocol|service|testing|vision)$/;
const IMPORT = /^(?:import|export)\s+(?:type\s+)?(?:\{([^}]*)\}|\*|\w+)?[^'"`;]*?from '([^']+)'/gm;
const DECLARATION = /^export\s+(?:abstract\s+|async\s+)*(interface|type|class|const|function)\s+(\w+)/gm;

/**
 * Lists what a TypeScript file declares and exports.
 * @param {string} file relative to the repository
 * @returns {{ kind: string, name: string }[]}
 */
export function exportsOf(file) {
  return [...readText(file).matchAll(DECLARATION)].map(([, kind = '', name = '']) => ({ kind, name }));
}

/** The imports between the source files of the repository; an import of a package counts for the file that declares the name. */
export class ModuleGraph {
  /** @type {Map<string, Set<string>>} */
  #imports = new Map();
  /** @type {Map<string, Map<string, string>>} */
  #packages = new Map();

  constructor() {
    const sources = textFiles().filter((file) => /^(apps|packages)\/.*\/src\/.*\.tsx?$/.test(file));
    for (const file of sources) {
      this.#imports.set(file, this.#importsOf(file));
    }
  }

  /** @returns {string[]} the source files, relative to the repository */
  files() {
    return [...this.#imports.keys()];
  }

  /**
   * Whether a file imports another one, directly or through one file between them.
   * @param {string} from
   * @param {string} to
   */
  reaches(from, to) {
    const direct = this.#imports.get(from) ?? new Set();
    return direct.has(to) || [...direct].some((middle) => this.#imports.get(middle)?.has(to));
  }

  /**
   * @param {string} file
   * @returns {Set<string>}
   */
  #importsOf(file) {
    const targets = new Set();
    for (const [, list = '', specifier = ''] of readText(file).matchAll(IMPORT)) {
      const packageName = PACKAGE_IMPORT.exec(specifier)?.[1];
      if (specifier.startsWith('.')) {
        targets.add(normalize(join(dirname(file), specifier)));
      } else if (packageName !== undefined) {
        for (const name of names(list)) {
          targets.add(this.#declaring(packageName, name));
        }
      }
    }
    targets.delete(undefined);
    return targets;
  }

  /**
   * @param {string} packageName
   * @param {string} name
   * @returns {string | undefined} the file of the package that declares an exported name
   */
  #declaring(packageName, name) {
    const known = this.#packages.get(packageName) ?? packageExports(`packages/${packageName}/src/index.ts`);
    this.#packages.set(packageName, known);
    return known.get(name);
  }
}

/**
 * @param {string} index
 * @returns {Map<string, string>} exported name → file
 */
function packageExports(index) {
  const files = new Map();
  for (const [statement, list = '', specifier = ''] of readText(index).matchAll(IMPORT)) {
    const file = normalize(join(dirname(index), specifier));
    const exported = statement.includes('*') ? exportsOf(file).map(({ name }) => name) : names(list);
    for (const name of exported) {
      files.set(name, file);
    }
  }
  return files;
}

/**
 * @param {string} list what is between the braces of an import
 * @returns {string[]} the names as the other file declares them
 */
function names(list) {
  return list.split(',').flatMap((part) => /^\s*(?:type\s+)?(\w+)/.exec(part)?.[1] ?? []);
}
