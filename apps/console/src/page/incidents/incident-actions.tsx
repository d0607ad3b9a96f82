import type { JSX } from 'preact';
import type { CommandAnswer } from '../../shared/command-result.ts';
import { may } from '../../shared/roles.ts';
import type { IncidentView } from '../../shared/view.ts';
import { waits } from '../live/rank.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { usePage } from '../parts/context.ts';
import { useSigning } from '../parts/name-field.tsx';
import { LearnThing } from './learn-thing.tsx';
import { useRoomName } from './use-room-name.ts';
import { UndoVerdict, VerdictForm } from './verdict.tsx';

/** Sends a command about an incident, with who acts; undefined: the person is asked for a name first. */
type SendAct = (command: string, params: Readonly<Record<string, unknown>>) => Promise<CommandAnswer | undefined>;

export interface IncidentActionsProps {
  readonly incident: IncidentView;
  /** Only what cannot wait. */
  readonly brief?: boolean;
}

/** What this person may do about an incident, and what makes sense now: go there, report what was found, take that back. */
export function IncidentActions({ incident, brief = false }: IncidentActionsProps): JSX.Element | null {
  const { t, api, session } = usePage();
  const { sign, field } = useSigning({ atOnce: brief });
  const name = useRoomName(incident);
  if (!may(session.role, 'care')) return null;
  const send: SendAct = (command, params) =>
    sign((signature) => api.toOrchestrator(command, { ...params, ...signature }));
  const acknowledge = async () => {
    const result = await send('acknowledge', { incident_id: incident.incident_id });
    // What follows is on the page of the room: the person who goes there needs it next.
    if (brief && result?.answers.every(({ ok }) => ok) === true) {
      location.hash = `#/rooms/${incident.source_id}`;
    }
    return result;
  };
  const over = incident.state === 'closing' || incident.state === 'closed';
  return (
    <div class="incident-actions">
      {field}
      {waits(incident) ? (
        <div class="actions">
          <ActionButton label={t('incident.acknowledge')} of={name} act={acknowledge} />
        </div>
      ) : (
        <OnTheWay incident={incident} />
      )}
      {brief ? null : <UndoVerdict incident={incident} send={send} />}
      {brief ? null : <LearnThing incident={incident} send={send} />}
      {brief || over ? null : incident.drill ? (
        <EndDrill incident={incident} send={send} />
      ) : (
        <VerdictForm incident={incident} send={send} />
      )}
      {brief || over ? null : <Release incident={incident} send={send} />}
    </div>
  );
}

export interface ActProps {
  readonly incident: IncidentView;
  readonly send: SendAct;
}

function OnTheWay({ incident }: { readonly incident: IncidentView }): JSX.Element | null {
  const { t } = usePage();
  const who = incident.by.findLast(({ what }) => what === 'acknowledge')?.who;
  if (incident.state !== 'acknowledged' || who === undefined) return null;
  return <p class="who">{t('incident.acknowledged_by', { name: who })}</p>;
}

function EndDrill({ incident, send }: ActProps): JSX.Element {
  const { t } = usePage();
  const name = useRoomName(incident);
  const end = () => send('resolve', { incident_id: incident.incident_id, outcome: 'drill' });
  return (
    <div class="actions">
      <ActionButton kind="plain" label={t('incident.end_drill')} of={name} act={end} />
    </div>
  );
}

function Release({ incident, send }: ActProps): JSX.Element | null {
  const { t, session } = usePage();
  const name = useRoomName(incident);
  if (!may(session.role, 'operate') || incident.dedicated === undefined || incident.released === true) return null;
  const release = () => send('release', { source_id: incident.source_id });
  return (
    <div class="actions">
      <ActionButton kind="plain" label={t('incident.release')} of={name} act={release} />
    </div>
  );
}
