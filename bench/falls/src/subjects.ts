/**
 * Returns who is to be seen in a clip, for leaving one person out; undefined where no person is known by name. GMDCSA24 names its
 * subjects. URFD does not: its three actors of the sequences 1 to 15 were distinguished by their clothes.
 */
export function subjectOf({ name }: { readonly name: string }): string | undefined {
  const subject = /Subject_(\d+)_/.exec(name)?.[1];
  if (subject !== undefined) return `GMDCSA24 subject ${subject}`;
  const sequence = Number(/urfd\/fall-(\d+)/.exec(name)?.[1] ?? Number.NaN);
  if (sequence <= 6) return 'URFD actor A (1–6)';
  if (sequence <= 12) return 'URFD actor B (7–12)';
  if (sequence <= 15) return 'URFD actor C (13–15)';
  return undefined;
}
