import type { JSX } from 'preact';
import type { RecordsView, SystemView } from '../../shared/system-view.ts';
import { useSystemText } from './system-texts.ts';

const kinds = ['events', 'reports', 'detections', 'service', 'metrics'] as const;
/** What the AI Act asks for, in days. */
const leastEventDays = 183;

/** How long records are kept. */
export function Records({ records }: Pick<SystemView, 'records'>): JSX.Element {
  const s = useSystemText();
  return (
    <>
      <h2>{s('records.title')}</h2>
      {records.length === 0 ? <p class="quiet">{s('records.none')}</p> : null}
      <ul class="cards">
        {records.map((one) => (
          <Sink key={one.id} sink={one} />
        ))}
      </ul>
    </>
  );
}

function Sink({ sink: { id, outputs, keptDays } }: { readonly sink: RecordsView }): JSX.Element {
  const s = useSystemText();
  const facts = [
    ...kinds.map((kind) => [s(`records.${kind}`), s('records.days', { days: keptDays[kind] })] as const),
    [s('records.outputs'), outputs.join(', ')] as const,
  ];
  return (
    <li class="card" data-records={id}>
      <h3>{id}</h3>
      <dl class="facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {keptDays.events < leastEventDays ? <p class="warn">{s('records.least')}</p> : null}
    </li>
  );
}
