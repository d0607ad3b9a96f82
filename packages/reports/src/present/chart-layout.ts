import { scaleBand, scaleLinear } from 'd3-scale';
import type { ChartData } from './section.ts';

/** One bar, in the units of the chart's view box. */
interface ChartBar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Which series, from 0. */
  readonly series: number;
  readonly title: string;
}

/** A chart as shapes, ready to be drawn as SVG. */
interface ChartLayout {
  readonly width: number;
  readonly height: number;
  readonly bars: readonly ChartBar[];
  /** Lines across the chart with their values. */
  readonly lines: readonly { readonly y: number; readonly value: string }[];
  /** Names of categories below the bars; of many, only some. */
  readonly names: readonly { readonly x: number; readonly text: string }[];
  /** Where the plot begins and ends. */
  readonly plot: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
}

const size = { width: 640, height: 220 };
const plot = { left: 44, right: 632, top: 10, bottom: 190 };
/** Names that fit below a chart. */
const mostNames = 9;

/**
 * Computes the shapes of a bar chart, with scales of d3-scale.
 * @param number how numbers are written
 */
export function layoutChart(chart: ChartData, number: (value: number) => string): ChartLayout {
  const { categories, series, form } = chart;
  const keys = categories.map((_, n) => n);
  const x = scaleBand(keys, [plot.left, plot.right]).paddingInner(0.2).paddingOuter(0.1);
  const y = scaleLinear([0, highest(chart)], [plot.bottom, plot.top]).nice(4);
  const inner = scaleBand(
    series.map((_, n) => n),
    [0, x.bandwidth()],
  );
  const bars = keys.flatMap((key) => {
    let below = 0;
    return series.flatMap(({ name, values }, n): ChartBar[] => {
      const value = values[key] ?? 0;
      const from = form === 'stacked' ? below : 0;
      below += value;
      if (value <= 0) return [];
      const left = (x(key) ?? 0) + (form === 'stacked' ? 0 : (inner(n) ?? 0));
      return [
        {
          x: round(left),
          y: round(y(from + value)),
          width: round(form === 'stacked' ? x.bandwidth() : inner.bandwidth()),
          height: round(y(from) - y(from + value)),
          series: n,
          title: `${categories[key]} · ${name}: ${number(value)}`,
        },
      ];
    });
  });
  const every = Math.max(1, Math.ceil(keys.length / mostNames));
  const names = keys
    .filter((key) => key % every === 0)
    .map((key) => ({
      x: round((x(key) ?? 0) + x.bandwidth() / 2),
      text: shortened(categories[key] ?? '', keys.length),
    }));
  const lines = y.ticks(4).map((value) => ({ y: round(y(value)), value: number(value) }));
  return { width: size.width, height: size.height, bars, lines, names, plot };
}

function highest({ categories, series, form }: ChartData): number {
  const tops = categories.map((_, n) => {
    const values = series.map(({ values: all }) => all[n] ?? 0);
    return form === 'stacked' ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
  });
  return Math.max(1, ...tops);
}

/** Cuts names that would run into their neighbours: about six units a letter. */
function shortened(text: string, count: number): string {
  const letters = Math.max(6, Math.floor((plot.right - plot.left) / Math.min(count, mostNames) / 6));
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
