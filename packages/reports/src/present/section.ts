import type { RoomOfReport } from '../rooms.ts';
import type { ReportWords } from '../texts/report-texts.ts';

/** Values of several series over the same categories. */
export interface ChartData {
  readonly label: string;
  /** What the values are, such as minutes. */
  readonly axis: string;
  readonly categories: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** Values of a category on top of each other, or side by side. */
  readonly form: 'stacked' | 'grouped';
}

export interface TableData {
  readonly caption: string;
  readonly columns: readonly string[];
  /** The first cell names the row. */
  readonly rows: readonly (readonly string[])[];
  /** Shown where there are no rows. */
  readonly none: string;
}

/** One part of a report: what it shows, independent of page, paper or terminal. */
export interface ReportSection {
  readonly id: string;
  readonly title: string;
  readonly note: string | undefined;
  readonly chart: ChartData | undefined;
  readonly tables: readonly TableData[];
}

/** Returns how people call a room. */
export function roomLabel({ sourceId, name }: RoomOfReport, { text }: ReportWords): string {
  return name ?? text('room', { id: sourceId });
}
