/** Simulated time: what is due runs in order, and nothing waits. Monotonic and wall clock differ. */
export class Timeline {
  #nowMs = 0;
  #wallOffsetMs = Date.UTC(2026, 0, 1);
  #order = 0;
  readonly #heap: { at: number; order: number; fn: () => void }[] = [];

  get now(): { wallMs: number; monoMs: number } {
    return { wallMs: this.#wallOffsetMs + this.#nowMs, monoMs: this.#nowMs };
  }

  get monoMs(): number {
    return this.#nowMs;
  }

  get iso(): string {
    return new Date(this.#wallOffsetMs + this.#nowMs).toISOString();
  }

  jumpWall(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  after(ms: number, fn: () => void): void {
    this.#order += 1;
    this.#push({ at: this.#nowMs + Math.max(0, ms), order: this.#order, fn });
  }

  /** Runs everything due within `ms`, calling `each` after every event. */
  run(ms: number, each?: () => void): void {
    const end = this.#nowMs + ms;
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) {
      this.#pop();
      this.#nowMs = next.at;
      next.fn();
      each?.();
    }
    this.#nowMs = end;
  }

  #push(item: { at: number; order: number; fn: () => void }): void {
    const heap = this.#heap;
    let index = heap.push(item) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(item, heap[parent])) break;
      heap[index] = heap[parent] as typeof item;
      index = parent;
    }
    heap[index] = item;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) {
        child += 1;
      }
      if (!before(heap[child], last)) break;
      heap[index] = heap[child] as typeof last;
      index = child;
    }
    heap[index] = last;
  }
}

function before(a: { at: number; order: number } | undefined, b: { at: number; order: number } | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
