import type { JSX } from 'preact';
import type { IncidentView } from '../../shared/view.ts';
import { useLive, useNow, usePage } from '../parts/context.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { roomName } from '../parts/words.ts';
import { clockTime, duration } from '../texts/times.ts';
import { IncidentActions } from './incident-actions.tsx';
import { timelineOf } from './timeline.ts';

/** An incident with what can be done about it and what has happened. */
export function IncidentCard({
  incident,
  open,
}: {
  readonly incident: IncidentView;
  readonly open?: boolean;
}): JSX.Element {
  const { t, language } = usePage();
  const room = useLive((state) => state.view.rooms[String(incident.source_id)]);
  const tone = toneOf(incident);
  const name = room?.name ?? incident.room_name;
  const title = roomName(t, name === undefined ? { id: incident.source_id } : { id: incident.source_id, name });
  return (
    <article class={`incident tone-${tone}`} data-incident={incident.incident_id} data-state={incident.state}>
      <header>
        <Icon name={tone} />
        <div>
          <h2>
            <a href={`#/rooms/${incident.source_id}`}>{title}</a>
          </h2>
          <p class="quiet">
            {[
              incident.drill ? t('incident.drill') : undefined,
              incident.outcome === undefined || incident.drill
                ? t(`state.${incident.state}`)
                : t(`outcome.${incident.outcome}`),
              clockTime(language, incident.opened_at, Date.now()),
            ]
              .filter((part) => part !== undefined)
              .join(' · ')}{' '}
            <Lasting incident={incident} />
          </p>
        </div>
      </header>
      {incident.state === 'closed' ? null : (
        <p class="quiet">
          {t('incident.watched_by', { id: incident.watched_by })}
          {incident.degraded ? ` · ${t('incident.degraded')}` : ''}
          {incident.note === undefined ? '' : ` · ${incident.note}`}
        </p>
      )}
      {incident.state === 'closed' ? null : <IncidentActions incident={incident} />}
      <details open={open}>
        <summary>{t('incident.timeline')}</summary>
        <Timeline incident={incident} />
      </details>
    </article>
  );
}

function Lasting({ incident }: { readonly incident: IncidentView }): JSX.Element {
  const { t, language } = usePage();
  const now = useNow(5000);
  const end = incident.closed_at === undefined ? now : new Date(incident.closed_at).getTime();
  const text = duration(language, end - new Date(incident.opened_at).getTime());
  return <span>{incident.closed_at === undefined ? `(${text})` : t('incident.duration', { duration: text })}</span>;
}

function Timeline({ incident }: { readonly incident: IncidentView }): JSX.Element {
  const { t, language } = usePage();
  return (
    <ol class="timeline">
      {timelineOf(incident).map(({ step, at, by, afterMs }) => (
        <li key={step} data-step={step}>
          <time dateTime={at}>{clockTime(language, at, Date.now())}</time>
          <span>
            {t(`step.${step}`)}
            {by === undefined ? '' : ` ${t('step.by', { name: by })}`}
          </span>
          <span class="quiet">{afterMs === 0 ? '' : offset(duration(language, Math.abs(afterMs)), afterMs)}</span>
        </li>
      ))}
    </ol>
  );
}

function offset(text: string, ms: number): string {
  return `${ms < 0 ? '−' : '+'}${text}`;
}

function toneOf({ state, drill, recovered_at }: IncidentView): IconName {
  if (state === 'closed') return 'well';
  if (drill) return 'drill';
  if (recovered_at !== undefined) return 'recovered';
  return state === 'acknowledged' || state === 'closing' ? 'helping' : 'fall';
}
