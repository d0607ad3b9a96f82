import type { AlarmCount } from '@vigilia/protocol';
import type { JSX } from 'preact';
import { useLive, usePage } from '../parts/context.ts';
import { entryOf, roomName } from '../parts/room-texts.ts';
import { fill } from '../texts/fill.ts';
import { clockDay } from '../texts/times.ts';
import { figureTexts } from './figure-texts.ts';

/** True and false alarms of the last weeks, per room and per model and rule. */
export function AlarmTables(): JSX.Element | null {
  const { t, language } = usePage();
  const texts = figureTexts[language];
  const alarms = useLive((state) => state.view.head.alarms);
  const rooms = useLive((state) => state.view.rooms);
  if (alarms === undefined) return null;
  const weeks = decimal(language, alarms.watchedWeeks);
  const nameOf = (sourceId: number): string =>
    roomName(t, entryOf(rooms, String(sourceId)) ?? { id: sourceId, name: undefined });
  const ruleOf = (modelId = texts.not_stated, rule = texts.not_stated): string => `${modelId} · ${rule}`;
  return (
    <section aria-labelledby="figures-title" class="figures">
      <h2 class="section" id="figures-title">
        {texts.title}
      </h2>
      <p class="quiet">{fill(texts.period, { since: clockDay(language, alarms.since), weeks })}</p>
      {alarms.rooms.length === 0 ? (
        <p class="empty">{texts.none}</p>
      ) : (
        <>
          <FigureTable
            label={texts.by_room}
            rows={alarms.rooms.map((one) => ({ name: nameOf(one.sourceId), count: one }))}
          />
          <FigureTable
            label={texts.by_model}
            rows={alarms.models.map((one) => ({ name: ruleOf(one.modelId, one.rule), count: one }))}
          />
        </>
      )}
    </section>
  );
}

interface FigureTableProps {
  readonly label: string;
  readonly rows: readonly { readonly name: string; readonly count: AlarmCount }[];
}

function FigureTable({ label, rows }: FigureTableProps): JSX.Element {
  const { language } = usePage();
  const texts = figureTexts[language];
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{label}</th>
          <th scope="col">{texts.true}</th>
          <th scope="col">{texts.false}</th>
          <th scope="col">{texts.unknown}</th>
          <th scope="col">{texts.rate}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, count }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{count.true}</td>
            <td>{count.false}</td>
            <td>{count.unknown}</td>
            <td>{count.falsePerWeek === undefined ? '–' : decimal(language, count.falsePerWeek)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function decimal(language: string, value: number): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value);
}
