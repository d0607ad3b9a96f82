let guarded: string | undefined;

/** Keeps the page at an address (with its `#`) whatever the browser shows, until the person has decided; undefined: no longer. */
export function guardAddress(hash: string | undefined): void {
  guarded = hash;
}

/** Returns where the page is. */
export function pageAddress(): string {
  return guarded ?? location.hash;
}
