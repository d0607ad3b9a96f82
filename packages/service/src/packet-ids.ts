/** Packet identifiers in use, 1 to 65,535. A message keeps its own until the broker has acknowledged it, also over connections. */
export class PacketIds {
  readonly #used = new Set<number>();
  #last = 0;

  /** Returns an identifier that is not in use. */
  take(): number {
    do {
      this.#last = (this.#last % 65_535) + 1;
    } while (this.#used.has(this.#last) && this.#used.size < 65_535);
    this.#used.add(this.#last);
    return this.#last;
  }

  release(id: number): void {
    this.#used.delete(id);
  }
}
