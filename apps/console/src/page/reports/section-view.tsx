import {
  type ChartData,
  layoutChart,
  type ReportSection,
  type ReportWords,
  type TableData,
} from '@vigilia/reports/present';
import type { JSX } from 'preact';

interface SectionProps {
  readonly section: ReportSection;
  readonly words: ReportWords;
}

/** One part of a report: its chart, and beside it every number as a table. */
export function SectionView({ section, words }: SectionProps): JSX.Element {
  const { id, title, note, chart, tables } = section;
  return (
    <div class={`report-section report-${id}`}>
      <h2 class="section">{title}</h2>
      {note === undefined ? null : <p class="quiet">{note}</p>}
      <div class="report-parts">
        {chart === undefined ? null : <Chart chart={chart} words={words} />}
        <div>
          {tables.map((table) => (
            <ReportTable key={table.caption} table={table} isAlone={tables.length === 1} />
          ))}
        </div>
      </div>
    </div>
  );
}

function Chart({ chart, words }: { readonly chart: ChartData; readonly words: ReportWords }): JSX.Element {
  const { width, height, bars, lines, names, plot } = layoutChart(chart, words.number);
  return (
    <figure class="report-chart">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${chart.label} (${chart.axis})`}>
        {lines.map(({ y, value }) => (
          <g key={value}>
            <line x1={plot.left} x2={plot.right} y1={y} y2={y} />
            <text x={plot.left - 6} y={y + 4} text-anchor="end">
              {value}
            </text>
          </g>
        ))}
        {bars.map((bar) => (
          <rect
            key={bar.title}
            class={`series-${bar.series}`}
            x={bar.x}
            y={bar.y}
            width={bar.width}
            height={bar.height}
          >
            <title>{bar.title}</title>
          </rect>
        ))}
        {names.map(({ x, text }) => (
          <text key={x} x={x} y={plot.bottom + 18} text-anchor="middle">
            {text}
          </text>
        ))}
      </svg>
      <ul class="report-legend">
        {chart.series.map(({ name }, index) => (
          <li key={name}>
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <rect class={`series-${index}`} width="10" height="10" />
            </svg>
            {name}
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** A table that is alone has the title of its section above it. */
function ReportTable({ table, isAlone }: { readonly table: TableData; readonly isAlone: boolean }): JSX.Element {
  const { caption, columns, rows, none } = table;
  if (rows.length === 0) return <p class="empty">{none}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that is wider than the screen is scrolled by keyboard too
    <section class="report-table" aria-label={caption} tabIndex={0}>
      <table>
        <caption class={isAlone ? 'visually-hidden' : undefined}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells], row) => (
            <tr key={row}>
              <th scope="row">{name}</th>
              {cells.map((cell, column) => (
                <td key={columns[column + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
