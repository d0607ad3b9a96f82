import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ReportQuery, ReportView } from '../../shared/report-view.ts';
import { usePage } from '../parts/context.ts';
import { lastDays } from './last-days.ts';
import { reportViewTexts } from './view-texts.ts';

interface PeriodFormProps {
  readonly view: ReportView | undefined;
  readonly onChoose: (query: ReportQuery) => void;
}

/** Which days and which ward the report is about. */
export function PeriodForm({ view, onChoose }: PeriodFormProps): JSX.Element {
  const { language } = usePage();
  const texts = reportViewTexts[language];
  const [edited, setEdited] = useState<ReportQuery>({});
  const from = edited.from ?? view?.report.from ?? '';
  const to = edited.to ?? view?.report.to ?? '';
  const ward = edited.ward ?? view?.report.ward ?? '';
  const choose = (query: ReportQuery): void => {
    setEdited(query);
    onChoose(query);
  };
  const chooseLast = (days: number): void => choose({ ...lastDays(days, view?.report.timeZone ?? 'UTC'), ward });
  return (
    <form
      class="period"
      onSubmit={(event) => {
        event.preventDefault();
        choose({ from, to, ward });
      }}
    >
      <DateField
        label={texts.from}
        name="from"
        value={from}
        onChange={(value) => setEdited({ from: value, to, ward })}
      />
      <DateField label={texts.to} name="to" value={to} onChange={(value) => setEdited({ from, to: value, ward })} />
      <label class="field inline">
        <span>{texts.ward}</span>
        <select name="ward" value={ward} onChange={(event) => setEdited({ from, to, ward: event.currentTarget.value })}>
          <option value="">{texts.allWards}</option>
          {view?.wards.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="main">
        {texts.show}
      </button>
      <button type="button" class="plain" onClick={() => chooseLast(7)}>
        {texts.lastWeek}
      </button>
      <button type="button" class="plain" onClick={() => chooseLast(30)}>
        {texts.lastMonth}
      </button>
      <button type="button" class="plain" onClick={() => chooseLast(365)}>
        {texts.lastYear}
      </button>
    </form>
  );
}

interface DateFieldProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function DateField({ label, name, value, onChange }: DateFieldProps): JSX.Element {
  return (
    <label class="field inline">
      <span>{label}</span>
      <input type="date" name={name} value={value} required onInput={(event) => onChange(event.currentTarget.value)} />
    </label>
  );
}
