/** One pair of a row and a column. */
export interface Pair {
  readonly row: number;
  readonly column: number;
}

const forbidden = 1e6;

/**
 * Pairs rows with columns so that the sum of costs is least (Hungarian method with potentials, Kuhn 1955; O(n³)).
 * Costs above `limit`, and those that are not numbers, make no pairs.
 */
export function assign(costs: readonly (readonly number[])[], limit: number): Pair[] {
  const rows = costs.length;
  const columns = costs[0]?.length ?? 0;
  if (rows === 0 || columns === 0) return [];
  const size = Math.max(rows, columns);
  const cost = (row: number, column: number): number => {
    const value = costs[row]?.[column] ?? forbidden;
    return value <= limit ? value : forbidden;
  };
  const rowOf = solve(size, cost);
  return rowOf
    .map((row, column) => ({ row, column }))
    .filter(({ row, column }) => cost(row, column) < forbidden)
    .sort((a, b) => a.row - b.row);
}

/** The square problem: for each column its row. Indices in here are shifted by one, 0 is the free start. */
function solve(size: number, cost: (row: number, column: number) => number): number[] {
  const rowPotential = new Float64Array(size + 1);
  const columnPotential = new Float64Array(size + 1);
  const rowOf = new Int32Array(size + 1);
  for (let row = 1; row <= size; row++) {
    const cameFrom = new Int32Array(size + 1);
    const least = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
    const done = new Uint8Array(size + 1);
    rowOf[0] = row;
    let column = 0;
    do {
      done[column] = 1;
      const here = rowOf[column] as number;
      let delta = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let other = 1; other <= size; other++) {
        if (done[other]) continue;
        const reduced = cost(here - 1, other - 1) - (rowPotential[here] as number) - (columnPotential[other] as number);
        if (reduced < (least[other] as number)) {
          least[other] = reduced;
          cameFrom[other] = column;
        }
        if ((least[other] as number) < delta) {
          delta = least[other] as number;
          next = other;
        }
      }
      for (let other = 0; other <= size; other++) {
        if (done[other]) {
          rowPotential[rowOf[other] as number] = (rowPotential[rowOf[other] as number] as number) + delta;
          columnPotential[other] = (columnPotential[other] as number) - delta;
        } else {
          least[other] = (least[other] as number) - delta;
        }
      }
      column = next;
    } while (rowOf[column] !== 0);
    for (; column !== 0; column = cameFrom[column] as number) {
      rowOf[column] = rowOf[cameFrom[column] as number] as number;
    }
  }
  return [...rowOf.slice(1)].map((row) => row - 1);
}
