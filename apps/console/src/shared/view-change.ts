import type { HouseView } from './view.ts';

const collections = ['rooms', 'incidents', 'replays', 'processors', 'commands'] as const;
type Collection = (typeof collections)[number];
type Entries = Readonly<Record<string, unknown>>;

/** What differs between two views: whole entries; `null` for those that were removed. */
export type ViewChange = {
  readonly [C in Collection]?: Readonly<Record<string, HouseView[C][string] | null>>;
} & { readonly head?: HouseView['head'] };

/** `undefined` when both are equal. */
export function diffViews(before: HouseView, after: HouseView): ViewChange | undefined {
  const change: Record<string, unknown> = {};
  if (!same(before.head, after.head)) {
    change.head = after.head;
  }
  for (const name of collections) {
    const entries = diffEntries(before[name], after[name]);
    if (entries !== undefined) {
      change[name] = entries;
    }
  }
  return Object.keys(change).length === 0 ? undefined : (change as ViewChange);
}

/** Entries that did not change keep their identity, so that the page draws only what is new. */
export function applyChange(view: HouseView, change: ViewChange): HouseView {
  const next: Record<string, unknown> = { ...view };
  if (change.head !== undefined) {
    next.head = change.head;
  }
  for (const name of collections) {
    const entries = change[name];
    if (entries !== undefined) {
      next[name] = applyEntries(view[name], entries);
    }
  }
  return next as unknown as HouseView;
}

function diffEntries(before: Entries, after: Entries): Entries | undefined {
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  const changed = Object.entries(after).filter(([key, value]) => !same(before[key], value));
  if (gone.length + changed.length === 0) return undefined;
  return Object.fromEntries([...gone.map((key) => [key, null] as const), ...changed]);
}

function applyEntries(before: Entries, change: Entries): Entries {
  const next: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) {
      delete next[key];
    } else {
      next[key] = value;
    }
  }
  return next;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
