import type { Report } from '../report.ts';
import { type ReportLanguage, type ReportWords, reportWords } from '../texts/report-texts.ts';
import { layoutChart } from './chart-layout.ts';
import type { ChartData, ReportSection, TableData } from './section.ts';
import { reportSections } from './sections.ts';

/** Without scripts and links to other files: it can be mailed, kept and printed. Two grey values and a pattern print without colour. */
const style = `
:root{color-scheme:light;font:14px/1.45 system-ui,sans-serif;color:#1d2733;background:#fff}
body{margin:0 auto;padding:1.5rem;max-width:60rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:0 0 .5rem}
.period{margin:.25rem 0 1.5rem;color:#4a5765}
section{margin:0 0 2rem;break-inside:avoid}
section.long{break-inside:auto}
figure{margin:0 0 .75rem}svg{width:100%;height:auto;display:block}
svg text{font-size:11px;fill:#4a5765}svg line{stroke:#d5dbe1}
.series-0{fill:#1f4e79}.series-1{fill:#7fa8cf}.series-2{fill:#c9ced4}
.legend{display:flex;gap:1rem;list-style:none;margin:.25rem 0 0;padding:0;font-size:.85rem}
.legend svg{width:.8rem;height:.8rem;display:inline-block;vertical-align:-1px;margin-right:.35rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;margin-bottom:.75rem}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{text-align:right;padding:.2rem .5rem;border-bottom:1px solid #d5dbe1}
th:first-child,td:first-child{text-align:left}thead{display:table-header-group}tr{break-inside:avoid}
@page{size:A4;margin:14mm}
@media print{body{padding:0;max-width:none}#shift{break-before:page}*{print-color-adjust:exact}}
`;

/** Returns a report as an HTML page of its own, for screen and paper. */
export function reportHtml(report: Report, language: ReportLanguage): string {
  const words = reportWords(language, report.timeZone);
  const sections = reportSections(report, words).map((section) => sectionHtml(section, words));
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(reportTitle(report, words))}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(words.text('title'))}</h1>
<p class="period">${escaped(reportPeriod(report, words))}</p>
${sections.join('\n')}
</main>
</body>
</html>
`;
}

function reportTitle(report: Report, words: ReportWords): string {
  const { text, day } = words;
  return `${text('title')} · ${text('period', { from: day(report.from), to: day(report.to) })}`;
}

/** Returns the line below the title: days, ward, and by which clock. */
export function reportPeriod({ from, to, ward, timeZone }: Report, { text, day }: ReportWords): string {
  const whose = ward === undefined ? text('all_wards') : text('ward', { ward });
  return [text('period', { from: day(from), to: day(to) }), whose, text('time_zone', { zone: timeZone })].join(' · ');
}

function sectionHtml({ id, title, note, chart, tables }: ReportSection, words: ReportWords): string {
  const parts = [
    `<h2 id="${id}-title">${escaped(title)}</h2>`,
    note === undefined ? '' : `<p>${escaped(note)}</p>`,
    chart === undefined ? '' : chartHtml(chart, words),
    ...tables.map((table) => tableHtml(table, tables.length > 1)),
  ];
  const long = tables.some(({ rows }) => rows.length > 24) ? ' class="long"' : '';
  return `<section id="${id}"${long} aria-labelledby="${id}-title">\n${parts.filter((part) => part !== '').join('\n')}\n</section>`;
}

function chartHtml(chart: ChartData, words: ReportWords): string {
  const { width, height, bars, lines, names, plot } = layoutChart(chart, words.number);
  const shapes = [
    ...lines.map(
      ({ y, value }) =>
        `<line x1="${plot.left}" x2="${plot.right}" y1="${y}" y2="${y}"/><text x="${plot.left - 6}" y="${y + 4}" text-anchor="end">${escaped(value)}</text>`,
    ),
    ...bars.map(
      ({ x, y, width: wide, height: high, series, title }) =>
        `<rect class="series-${series}" x="${x}" y="${y}" width="${wide}" height="${high}"><title>${escaped(title)}</title></rect>`,
    ),
    ...names.map(
      ({ x, text }) => `<text x="${x}" y="${plot.bottom + 18}" text-anchor="middle">${escaped(text)}</text>`,
    ),
  ];
  const legend = chart.series.map(
    ({ name }, n) =>
      `<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="series-${n}" width="10" height="10"/></svg>${escaped(name)}</li>`,
  );
  return `<figure>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(`${chart.label} (${chart.axis})`)}">${shapes.join('')}</svg>
<ul class="legend">${legend.join('')}</ul>
</figure>`;
}

/** A table that is alone has the title of its section above it. */
function tableHtml({ caption, columns, rows, none }: TableData, isCaptioned: boolean): string {
  if (rows.length === 0) return `<p>${escaped(none)}</p>`;
  const head = columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('');
  const body = rows.map(([name = '', ...cells]) => {
    const values = cells.map((cell) => `<td>${escaped(cell)}</td>`).join('');
    return `<tr><th scope="row">${escaped(name)}</th>${values}</tr>`;
  });
  const title = isCaptioned ? `<caption>${escaped(caption)}</caption>\n` : '';
  return `<table>
${title}<thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
