import type { JSX } from 'preact';
import type { IncidentView } from '../../shared/view.ts';
import { Named } from '../parts/action-button.tsx';
import { useNow, usePage } from '../parts/context.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { later } from '../parts/later.tsx';
import { ReplayOfIncident } from '../replay/replay-details.tsx';
import { clockTime, duration } from '../texts/times.ts';
import { IncidentActions } from './incident-actions.tsx';
import { timelineOf } from './timeline.ts';
import { useRoomName } from './use-room-name.ts';
import { useVerdictText } from './verdict.tsx';

const IncidentClip = later(async () => (await import('../clip/incident-clip.tsx')).IncidentClip);

export interface IncidentCardProps {
  readonly incident: IncidentView;
  /** Shows the timeline without a touch. */
  readonly open?: boolean;
}

/** An incident with what can be done about it, first, and what has happened. */
export function IncidentCard({ incident, open = false }: IncidentCardProps): JSX.Element {
  const { t, language, session } = usePage();
  const title = useRoomName(incident);
  const tone = toneOf(incident);
  const verdict = useVerdictText(incident);
  const { incident_id, state, outcome, drill } = incident;
  const facts = [
    drill ? t('incident.drill') : undefined,
    outcome === undefined || drill ? t(`state.${state}`) : t(`outcome.${outcome}`),
    clockTime(language, incident.opened_at, Date.now()),
  ];
  return (
    <article class={`incident tone-${tone}`} data-incident={incident_id} data-state={state} aria-label={title}>
      <header>
        <Icon name={tone} />
        <div>
          <h2>
            <a href={`#/rooms/${incident.source_id}`}>{title}</a>
          </h2>
          <p class="quiet">
            {facts.filter((part) => part !== undefined).join(' · ')} <Lasting incident={incident} />
          </p>
        </div>
      </header>
      {verdict === undefined ? null : <p class="verdict-text">{verdict}</p>}
      <IncidentActions incident={incident} />
      {state === 'closed' ? null : <Watching incident={incident} />}
      <ReplayOfIncident incidentId={incident_id} fallAt={incident.on_floor_since} title={title} />
      {session.clips && incident.clip !== undefined ? <IncidentClip incident={incident} title={title} /> : null}
      <details open={open}>
        <summary>
          {t('incident.timeline')}
          <Named of={title} />
        </summary>
        <Timeline incident={incident} />
      </details>
    </article>
  );
}

function Watching({ incident }: { readonly incident: IncidentView }): JSX.Element {
  const { t } = usePage();
  return (
    <p class="quiet">
      {t('incident.watched_by', { id: incident.watched_by })}
      {incident.degraded ? ` · ${t('incident.degraded')}` : ''}
      {incident.note === undefined ? '' : ` · ${incident.note}`}
    </p>
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
      {timelineOf(incident).map(({ step, at, by, fall, afterMs }) => (
        <li key={`${step} ${at}`} data-step={step}>
          <time dateTime={at}>{clockTime(language, at, Date.now())}</time>
          <span>
            {fall === undefined ? '' : `${t('incident.fall', { n: fall })}: `}
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
