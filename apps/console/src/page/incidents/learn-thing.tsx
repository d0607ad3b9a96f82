import { alarmPlaceOf, hasDrawnZones, isLearnable, learnedFrom } from '@vigilia/protocol/learned-things';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ActionButton } from '../parts/action-button.tsx';
import { useLive, usePage } from '../parts/context.ts';
import { entryOf } from '../parts/room-texts.ts';
import type { ActProps } from './incident-actions.tsx';
import { useRoomName } from './use-room-name.ts';

/**
 * Offers, after the verdict "false alarm", to learn what was taken for a person; shows what was learned, and forgets it. Offers nothing
 * that the orchestrator would refuse whatever people do on this card.
 */
export function LearnThing({ incident, send }: ActProps): JSX.Element | null {
  const { t } = usePage();
  const room = useRoomName(incident);
  const zones = useLive((state) => entryOf(state.view.rooms, String(incident.source_id))?.zones);
  const [name, setName] = useState('');
  const { incident_id, verdict } = incident;
  const learned = learnedFrom(zones, incident);
  if (learned !== undefined) {
    return (
      <div class="actions learn-thing" data-learned>
        <p>{t('thing.learned', { name: learned.name ?? t('thing.unnamed') })}</p>
        <ActionButton
          kind="plain"
          label={t('thing.forget')}
          of={room}
          act={() => send('forget_thing', { incident_id })}
        />
      </div>
    );
  }
  const place = alarmPlaceOf(incident);
  const isOffered = place !== undefined && isLearnable(place) && hasDrawnZones(zones);
  if (verdict?.outcome !== 'false_alarm' || !isOffered) return null;
  return (
    <div class="actions learn-thing">
      <p>{t('thing.offer')}</p>
      <label class="field">
        <span>{t('thing.name')}</span>
        <input name="thing" maxLength={64} value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <ActionButton
        kind="plain"
        label={t('thing.learn')}
        of={room}
        act={() => send('learn_thing', { incident_id, name: name.trim() || undefined })}
      />
    </div>
  );
}
