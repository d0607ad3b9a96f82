/** Front items that may have left before the rest is moved together. */
const compactAt = 1024;

/**
 * Items in order, taken from the front in constant time. `Array.shift` moves all that is behind: with 60,000 items that takes
 * 0.6 ms each time.
 */
export class Deque<T> {
  #items: (T | undefined)[] = [];
  /** Index of the first item; those before it have left. */
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  get first(): T | undefined {
    return this.#items[this.#head];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Puts items before all others. */
  unshift(items: Iterable<T>): void {
    this.#items = [...items, ...this.#items.slice(this.#head)];
    this.#head = 0;
  }

  /** Takes the first item. */
  shift(): T | undefined {
    const { first } = this;
    if (this.length === 0) return undefined;
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (this.#head >= compactAt && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return first;
  }

  /** Removes an item, in constant time where it is the first. */
  remove(item: T): void {
    if (item === this.first) {
      this.shift();
      return;
    }
    const index = this.#items.indexOf(item, this.#head);
    if (index >= 0) {
      this.#items.splice(index, 1);
    }
  }

  filter(test: (item: T) => boolean): T[] {
    return [...this].filter(test);
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let index = this.#head; index < this.#items.length; index += 1) {
      yield this.#items[index] as T;
    }
  }
}
