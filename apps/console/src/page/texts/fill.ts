/** What the gaps of a text are filled with. */
export type GapValues = Readonly<Record<string, string | number>>;

/** Returns a text with its gaps, such as `{name}`, filled in; a gap without a value stays. */
export function fill(text: string, values: GapValues = {}): string {
  return text.replace(/\{(\w+)\}/g, (gap, name: string) => String(values[name] ?? gap));
}
