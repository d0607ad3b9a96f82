import { posix } from 'node:path';

/**
 * Finds cycles between folders. Inside a folder, each file and each subfolder with everything in it is one unit; units must not
 * import each other in a circle that contains a subfolder. A file beside subfolders may join them (`main.ts`) or serve them
 * (`settings.ts`), but not both.
 * @param {ReadonlyMap<string, readonly string[]>} imports path of a file → paths of the files that it imports, all below `root`
 * @param {string} root
 * @returns {string[]} one line per cycle: `folder: a → b → a`
 */
export function folderCycles(imports, root) {
  /** @type {Map<string, Map<string, Set<string>>>} folder → unit → units that it imports */
  const graphs = new Map();
  for (const [from, targets] of imports) {
    for (const to of targets) {
      const folder = commonFolder(from, to);
      if (folder !== root && !folder.startsWith(`${root}/`)) continue;
      const [a, b] = [unitIn(folder, from), unitIn(folder, to)];
      if (a === b) continue;
      const graph = graphs.get(folder) ?? new Map();
      graphs.set(folder, graph);
      graph.set(a, (graph.get(a) ?? new Set()).add(b));
    }
  }
  return [...graphs]
    .flatMap(([folder, graph]) => circles(graph).map((circle) => `${folder}: ${circle.join(' → ')}`))
    .sort();
}

/** @param {string} a @param {string} b */
function commonFolder(a, b) {
  const [first, second] = [posix.dirname(a).split('/'), posix.dirname(b).split('/')];
  let length = 0;
  while (length < first.length && first[length] === second[length]) {
    length++;
  }
  return first.slice(0, length).join('/');
}

/** @param {string} folder @param {string} path */
function unitIn(folder, path) {
  return path.slice(folder.length + 1).split('/')[0] ?? '';
}

/**
 * Returns one circle per group of units that reach each other, where a folder is among them.
 * @param {Map<string, Set<string>>} graph
 */
function circles(graph) {
  const found = [];
  const done = new Set();
  for (const start of [...graph.keys()].sort()) {
    if (done.has(start)) continue;
    const path = pathBack(graph, start);
    if (path === undefined) continue;
    for (const unit of path) {
      done.add(unit);
    }
    if (path.some((unit) => !unit.includes('.'))) {
      found.push(path);
    }
  }
  return found;
}

/**
 * The shortest way from a unit back to itself.
 * @param {Map<string, Set<string>>} graph @param {string} start
 * @returns {string[] | undefined}
 */
function pathBack(graph, start) {
  let ways = [[start]];
  const seen = new Set();
  while (ways.length > 0) {
    const next = [];
    for (const way of ways) {
      for (const unit of [...(graph.get(way.at(-1) ?? '') ?? [])].sort()) {
        if (unit === start) return [...way, start];
        if (!seen.has(unit)) {
          next.push([...way, unit]);
        }
        seen.add(unit);
      }
    }
    ways = next;
  }
  return undefined;
}
