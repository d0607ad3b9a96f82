import type { JSX } from 'preact';
import { sortIncidents } from '../live/rank.ts';
import { useLive, usePage } from '../parts/context.ts';
import { later } from '../parts/later.tsx';
import { IncidentCard } from './incident-card.tsx';

const AlarmTables = later(async () => (await import('./alarm-tables.tsx')).AlarmTables);

/** Open incidents first, then the history of the last day. */
export function IncidentsView(): JSX.Element {
  const { t } = usePage();
  const incidents = useLive((state) => state.view.incidents);
  const { open, closed } = sortIncidents(Object.values(incidents));
  return (
    <section aria-labelledby="incidents-title">
      <div class="view-head">
        <h1 id="incidents-title">{t('incidents.title')}</h1>
      </div>
      {open.length === 0 ? <p class="empty">{t('incidents.none')}</p> : null}
      <div class="stack">
        {open.map((incident) => (
          <IncidentCard key={incident.incident_id} incident={incident} open={open.length === 1} />
        ))}
      </div>
      <h2 class="section">{t('incidents.history')}</h2>
      {closed.length === 0 ? <p class="empty">{t('incidents.history.none')}</p> : null}
      <div class="stack">
        {closed.map((incident) => (
          <IncidentCard key={incident.incident_id} incident={incident} />
        ))}
      </div>
      <AlarmTables />
    </section>
  );
}
