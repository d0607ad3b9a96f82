import { reportSections, reportWords } from '@vigilia/reports/present';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type ReportQuery, type ReportView, reportParams } from '../../shared/report-view.ts';
import { errorText } from '../live/error-text.ts';
import { usePage } from '../parts/context.ts';
import { PeriodForm } from './period-form.tsx';
import { SectionView } from './section-view.tsx';
import { reportViewTexts } from './view-texts.ts';

/** What happened in a period, with charts and tables, to read, print and download. */
export function ReportsView(): JSX.Element {
  const { language } = usePage();
  const [query, setQuery] = useState<ReportQuery>({});
  const { view, trouble } = useReport(query);
  const texts = reportViewTexts[language];
  return (
    <section aria-labelledby="reports-title" class="reports">
      <div class="view-head">
        <h1 id="reports-title">{texts.title}</h1>
      </div>
      <PeriodForm view={view} onChoose={setQuery} />
      <p role="status" class="trouble">
        {trouble}
      </p>
      {view === undefined ? <Waiting isWaiting={trouble === ''} /> : <Shown view={view} query={query} />}
    </section>
  );
}

/** Asks for the report again whenever another one is chosen; the one before stays until the next is there. */
function useReport(query: ReportQuery): { readonly view: ReportView | undefined; readonly trouble: string } {
  const { api, language } = usePage();
  const [view, setView] = useState<ReportView>();
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    let isWanted = true;
    setTrouble('');
    api.report(query).then(
      (answer) => isWanted && setView(answer),
      (error: unknown) => isWanted && setTrouble(errorText(language, error)),
    );
    return () => {
      isWanted = false;
    };
  }, [api, query, language]);
  return { view, trouble };
}

function Waiting({ isWaiting }: { readonly isWaiting: boolean }): JSX.Element | null {
  const { language } = usePage();
  return isWaiting ? <p class="empty">{reportViewTexts[language].loading}</p> : null;
}

function Shown({ view, query }: { readonly view: ReportView; readonly query: ReportQuery }): JSX.Element {
  const { language } = usePage();
  const texts = reportViewTexts[language];
  const { report } = view;
  const words = reportWords(language, report.timeZone);
  const { text, day } = words;
  const whose = report.ward === undefined ? text('all_wards') : text('ward', { ward: report.ward });
  const period = text('period', { from: day(report.from), to: day(report.to) });
  return (
    <>
      <div class="actions">
        <a class="button plain" href={`api/report.csv?${reportParams(query)}`} download>
          {texts.csv}
        </a>
        <button type="button" class="plain" onClick={() => printReport(false)}>
          {texts.print}
        </button>
        <button type="button" class="plain" onClick={() => printReport(true)}>
          {texts.printShift}
        </button>
      </div>
      <p class="quiet" data-report={`${report.from} ${report.to} ${report.ward ?? ''}`}>
        {`${period} · ${whose} · ${text('time_zone', { zone: report.timeZone })}`}
      </p>
      {view.damaged > 0 && (
        <p role="status" class="trouble" data-damaged={view.damaged}>
          {texts.damaged}
        </p>
      )}
      {reportSections(report, words).map((section) => (
        <SectionView key={section.id} section={section} words={words} />
      ))}
    </>
  );
}

/** Opens the browser's print dialogue; the style of paper leaves out what is not asked for. */
function printReport(onlyShift: boolean): void {
  const { classList } = document.documentElement;
  classList.toggle('print-shift', onlyShift);
  window.addEventListener('afterprint', () => classList.remove('print-shift'), { once: true });
  window.print();
}
