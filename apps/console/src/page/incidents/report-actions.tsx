import type { JSX } from 'preact';
import { may } from '../../shared/roles.ts';
import type { RoomView } from '../../shared/view.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { usePage } from '../parts/context.ts';
import { useSigning } from '../parts/name-field.tsx';
import { roomName } from '../parts/room-texts.ts';

export interface ReportActionsProps {
  readonly room: { readonly id: number; readonly name?: string | undefined };
  readonly report: NonNullable<RoomView['report']>;
  /** Only what cannot wait. */
  readonly brief?: boolean;
}

/** Shows what a person may do about a reported fall without an incident. The notifier records it, not the orchestrator. */
export function ReportActions({ room, report, brief = false }: ReportActionsProps): JSX.Element | null {
  const { t, api, session } = usePage();
  const { sign, field } = useSigning({ atOnce: brief });
  const name = roomName(t, room);
  if (!may(session.role, 'care')) return null;
  // The orchestrator knows no such incident and refuses. The alarm itself shows whether the notifier has heard it.
  const acknowledge = () =>
    sign(async (signature) => {
      const sent = api.toOrchestrator('acknowledge', { source_id: room.id, ...signature });
      if (brief) {
        location.hash = `#/rooms/${room.id}`;
      }
      await sent;
      return undefined;
    });
  const end = () =>
    sign(async (signature) => {
      await api.toOrchestrator('resolve', { incident_id: report.id, outcome: 'unknown', ...signature });
      return undefined;
    });
  return (
    <div class="incident-actions">
      {field}
      <div class="actions">
        {report.waits ? <ActionButton label={t('incident.acknowledge')} of={name} act={acknowledge} /> : null}
        {brief ? null : <ActionButton kind="plain" label={t('report.end')} of={name} act={end} />}
      </div>
    </div>
  );
}

/** A reported fall without an incident, on the page of its room. */
export function ReportCard({ room, report }: Omit<ReportActionsProps, 'brief'>): JSX.Element {
  const { t } = usePage();
  return (
    <article class={`incident tone-${report.waits ? 'fall' : 'helping'}`} data-report={report.id}>
      <p class="quiet">{t('report.text')}</p>
      {report.by === undefined ? null : <p class="who">{t('incident.acknowledged_by', { name: report.by })}</p>}
      <ReportActions room={room} report={report} />
    </article>
  );
}
