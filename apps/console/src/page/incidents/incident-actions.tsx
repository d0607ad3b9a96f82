import type { JSX } from 'preact';
import type { CommandResult } from '../../shared/command-result.ts';
import { may } from '../../shared/roles.ts';
import type { IncidentView } from '../../shared/view.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { usePage } from '../parts/context.ts';
import { useSigning } from '../parts/name-field.tsx';
import { useRoomName } from './use-room-name.ts';

export interface IncidentActionsProps {
  readonly incident: IncidentView;
  /** Only what cannot wait. */
  readonly brief?: boolean;
}

/** Acknowledge, resolve, release: what this person may, and what makes sense now. */
export function IncidentActions({ incident, brief = false }: IncidentActionsProps): JSX.Element | null {
  const { t, api, session } = usePage();
  const { sign, field } = useSigning({ atOnce: brief });
  const name = useRoomName(incident);
  if (!may(session.role, 'care')) return null;
  const send: Send = (command, params) => sign((signature) => api.toOrchestrator(command, { ...params, ...signature }));
  const which = { incident_id: incident.incident_id };
  const waiting = incident.state === 'open' || incident.state === 'attended';
  const acknowledge = async () => {
    const result = await send('acknowledge', which);
    // What follows is on the page of the room: the person who goes there needs it next.
    if (brief && result?.answers.every(({ ok }) => ok) === true) location.hash = `#/rooms/${incident.source_id}`;
    return result;
  };
  const acknowledgedBy = incident.by.find(({ what }) => what.startsWith('acknowledge'))?.who;
  return (
    <div class="actions">
      {field}
      {waiting ? <ActionButton label={t('incident.acknowledge')} of={name} act={acknowledge} /> : null}
      {!waiting && acknowledgedBy !== undefined ? (
        <p class="who">{t('incident.acknowledged_by', { name: acknowledgedBy })}</p>
      ) : null}
      {brief ? null : <Endings incident={incident} send={send} />}
    </div>
  );
}

type Send = (command: string, params: Readonly<Record<string, unknown>>) => Promise<CommandResult | undefined>;

/** How an incident ends. */
function Endings({ incident, send }: { readonly incident: IncidentView; readonly send: Send }): JSX.Element {
  const { t, session } = usePage();
  const name = useRoomName(incident);
  const which = { incident_id: incident.incident_id };
  return (
    <>
      {incident.drill ? (
        <ActionButton
          kind="plain"
          of={name}
          label={t('incident.end_drill')}
          act={() => send('resolve', { ...which, outcome: 'drill' })}
        />
      ) : (
        <>
          <ActionButton
            kind="plain"
            of={name}
            label={t('incident.resolve')}
            act={() => send('resolve', { ...which, outcome: 'helped' })}
          />
          <ActionButton
            kind="plain"
            of={name}
            label={t('incident.false_alarm')}
            act={() => send('resolve', { ...which, outcome: 'false_alarm' })}
          />
        </>
      )}
      {may(session.role, 'configure') && incident.dedicated !== undefined && incident.released !== true ? (
        <ActionButton
          kind="plain"
          of={name}
          label={t('incident.release')}
          act={() => send('release', { source_id: incident.source_id })}
        />
      ) : null}
    </>
  );
}
