import type { Stream } from '../schema/data-streams.ts';

/** One condition; a panel's conditions must all hold. */
export type Condition =
  | { readonly field: string; readonly is: string | number | boolean }
  | { readonly field: string; readonly oneOf: readonly string[] }
  | { readonly field: string; readonly exists: true };

/** One number of a panel. `count` counts documents, `distinct` different values. */
export interface Measure {
  readonly label: string;
  readonly op: 'count' | 'sum' | 'average' | 'median' | 'max' | 'min' | 'distinct';
  /** Not for `count`. */
  readonly field?: string;
  /** How the number is shown; durations are stored in ms (or s, as named). */
  readonly as?: 'minutes' | 'seconds' | 'milliseconds' | 'percent' | 'date' | undefined;
}

/** What the numbers are split by. `time` is a date histogram. */
export type Split =
  | { readonly by: 'time' }
  | {
      readonly by: 'values';
      readonly field: string;
      readonly size: number;
      readonly label: string;
      readonly sort?: 'value' | 'key';
    };

export interface Panel {
  /** Unique in its dashboard, kebab-case: part of the saved object and of the tests. */
  readonly id: string;
  readonly title: string;
  readonly shape: 'number' | 'bars' | 'lines' | 'table';
  readonly stream: Stream;
  readonly where: readonly Condition[];
  readonly measures: readonly Measure[];
  /** None for a number; the first is the axis (or the rows), the second the colour. */
  readonly splits: readonly Split[];
  /** Width of 48, height in rows. */
  readonly size: { readonly width: number; readonly height: number };
}

export interface Dashboard {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly Panel[];
}

export const time: Split = { by: 'time' };

export function values(field: string, label: string, options: { size?: number; sort?: 'value' | 'key' } = {}): Split {
  return { by: 'values', field, label, size: options.size ?? 20, sort: options.sort ?? 'value' };
}

/** Rooms, in the order of their numbers. */
export const byRoom = values('vigilia.source_id', 'Room', { size: 50, sort: 'key' });
export const byInstance = values('vigilia.instance_id', 'Processor', { sort: 'key' });

export const action = (name: string): Condition => ({ field: 'event.action', is: name });
export const number = { width: 8, height: 6 } as const;
export const half = { width: 24, height: 12 } as const;
export const whole = { width: 48, height: 12 } as const;
