import type { JSX } from 'preact';

export interface FactProps {
  readonly label: string;
  /** Undefined while it is not known: then nothing is shown. */
  readonly value: string | undefined;
}

/** One line of a list of facts (`<dl class="facts">`). */
export function Fact({ label, value }: FactProps): JSX.Element | null {
  if (value === undefined) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
