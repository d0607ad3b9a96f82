import type { Zone, ZoneKind } from '@vigilia/protocol';
import type { JSX } from 'preact';
import { useEffect, useReducer, useState } from 'preact/hooks';
import type { RoomView } from '../../shared/view.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { useLive, usePage } from '../parts/context.ts';
import { entryOf, roomName } from '../parts/room-texts.ts';
import { RoomSnapshot } from '../rooms/room-snapshot.tsx';
import { clockDay } from '../texts/times.ts';
import { editZones, type ZoneEdit, zoneKindChoices } from './edit.ts';
import { ZoneEditor } from './zone-editor.tsx';

/** Long enough to draw the zones of a room. */
const snapshotSeconds = 300;

/** Where the bed, the sofa, the mat and the exits of a room are. */
export function ZonesView({ id }: { readonly id: string | undefined }): JSX.Element {
  const { t } = usePage();
  const rooms = useLive((state) => state.view.rooms);
  const sorted = Object.values(rooms).sort((a, b) => a.id - b.id);
  const room = entryOf(rooms, id);
  return (
    <section aria-labelledby="zones-title">
      <div class="view-head">
        <h1 id="zones-title">{t('zones.title')}</h1>
        <label class="field inline">
          <span>{t('zones.room')}</span>
          <select
            name="room"
            value={id ?? ''}
            onChange={(event) => {
              location.hash = `#/zones/${event.currentTarget.value}`;
            }}
          >
            <option value="">{t('zones.choose')}</option>
            {sorted.map((one) => (
              <option key={one.id} value={String(one.id)}>
                {roomName(t, one)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {room === undefined ? <p class="empty">{t('zones.choose')}</p> : <RoomZones key={room.id} room={room} />}
    </section>
  );
}

/** `not_kept`: in force, but the orchestrator has not taken them over. */
type ZonesState = 'same' | 'changed' | 'saved' | 'not_kept';

function RoomZones({ room }: { readonly room: RoomView }): JSX.Element {
  const { t, api } = usePage();
  const [zones, edit] = useReducer<readonly Zone[], ZoneEdit>(editZones, room.zones);
  const [state, setState] = useState<ZonesState>('same');
  const kept = JSON.stringify(room.zones);
  // The zones of the site count as long as nothing was changed here.
  useEffect(() => {
    if (state !== 'changed') {
      edit({ do: 'load', zones: JSON.parse(kept) as Zone[] });
    }
  }, [kept, state]);
  const onEdit = (change: ZoneEdit): void => {
    setState('changed');
    edit(change);
  };
  const save = async () => {
    const result = await api.saveZones(room.id, zones);
    if (result.complete && result.answers.every(({ ok }) => ok)) {
      setState(result.kept ? 'saved' : 'not_kept');
    }
    return result;
  };
  return (
    <>
      <p class="quiet">{t('zones.help')}</p>
      <div class="zones-work">
        <RoomSnapshot
          room={room}
          keepSeconds={snapshotSeconds}
          draw={(snapshot) => <ZoneEditor room={room} zones={zones} onEdit={onEdit} snapshot={snapshot} />}
        />
        <div class="zones-side">
          <h2 class="section">{t('zones.list')}</h2>
          {zones.length === 0 ? <p class="empty">{t('zones.none')}</p> : null}
          <ul class="zone-list">
            {zones.map((zone, index) => (
              <ZoneRow key={index} index={index} zone={zone} onEdit={onEdit} />
            ))}
          </ul>
          <button type="button" class="plain" onClick={() => onEdit({ do: 'add' })}>
            {t('zones.add')}
          </button>
          <div class="actions">
            <ActionButton label={t('zones.save')} of={roomName(t, room)} disabled={state !== 'changed'} act={save} />
            <button type="button" class="plain" disabled={state !== 'changed'} onClick={() => setState('same')}>
              {t('zones.discard')}
            </button>
          </div>
          <p role="status" class="quiet">
            {state === 'same' ? '' : t(`zones.${state}`)}
          </p>
        </div>
      </div>
    </>
  );
}

interface ZoneRowProps {
  readonly zone: Zone;
  readonly index: number;
  readonly onEdit: (edit: ZoneEdit) => void;
}

function ZoneRow({ zone, index, onEdit }: ZoneRowProps): JSX.Element {
  const { t, language } = usePage();
  const { learned } = zone;
  return (
    <li class={`zone-row zone-${zone.kind}`}>
      <label class="field">
        <span>{t('zones.kind')}</span>
        <select
          name="kind"
          value={zone.kind}
          onChange={(event) => onEdit({ do: 'kind', zone: index, kind: event.currentTarget.value as ZoneKind })}
        >
          {zoneKindChoices.map((kind) => (
            <option key={kind} value={kind}>
              {t(`zone.${kind}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{t('zones.name')}</span>
        <input
          name="name"
          maxLength={64}
          value={zone.name ?? ''}
          onChange={(event) => onEdit({ do: 'name', zone: index, name: event.currentTarget.value })}
        />
      </label>
      {learned === undefined ? null : (
        <p class="quiet learned">{t('zones.learned', { by: learned.by, day: clockDay(language, learned.at) })}</p>
      )}
      <button type="button" class="plain" onClick={() => onEdit({ do: 'add_corner', zone: index })}>
        {t('zones.add_corner')}
      </button>
      <button type="button" class="plain" onClick={() => onEdit({ do: 'remove', zone: index })}>
        {t('zones.remove')}
      </button>
    </li>
  );
}
