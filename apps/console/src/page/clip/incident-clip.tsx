import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ClipView } from '../../shared/clip-view.ts';
import type { IncidentView } from '../../shared/view.ts';
import { ActionButton, Named } from '../parts/action-button.tsx';
import { useNow, usePage } from '../parts/context.ts';
import { ClipPlayer } from './clip-player.tsx';

export interface IncidentClipProps {
  readonly incident: IncidentView;
  /** Of the incident, for screen readers. */
  readonly title: string;
}

/** The console takes no shorter reason. */
const shortestReason = 5;

/** The clip of an incident, shown after a reason was given. The page forgets it when it is closed and when its time is over. */
export function IncidentClip({ incident, title }: IncidentClipProps): JSX.Element | null {
  const { t, api } = usePage();
  const now = useNow(5000);
  const [clip, setClip] = useState<ClipView>();
  const [reason, setReason] = useState('');
  const show = async (): Promise<undefined> => {
    setClip(await api.clip(incident.incident_id, reason));
  };
  const isOver = incident.clip === undefined || Date.parse(incident.clip.until) <= now;
  useEffect(() => {
    if (isOver) {
      setClip(undefined);
    }
  }, [isOver]);
  if (incident.clip === undefined || isOver) return null;
  return (
    <details class="clip" onToggle={(event) => (event.currentTarget.open ? undefined : setClip(undefined))}>
      <summary>
        {t(`clip.${incident.clip.mode}`)}
        <Named of={title} />
      </summary>
      {clip === undefined ? (
        <div class="clip-request">
          <label class="field">
            <span>{t('clip.reason')}</span>
            <input
              name="clip-reason"
              maxLength={500}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
            <small class="quiet">{t('clip.recorded')}</small>
          </label>
          <ActionButton label={t('clip.show')} of={title} disabled={reason.trim().length < shortestReason} act={show} />
        </div>
      ) : (
        <ClipPlayer clip={clip} fallAt={incident.on_floor_since} />
      )}
    </details>
  );
}
