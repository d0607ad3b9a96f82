import '../styles/zones.css';
import type { Zone, ZoneKind } from '@vigilia/protocol';
import { zoneProblems } from '@vigilia/protocol/zone-shapes';
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { RoomView } from '../../shared/view.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { useLive, usePage } from '../parts/context.ts';
import { LeaveQuestion } from '../parts/leave-question.tsx';
import { entryOf, roomName } from '../parts/room-texts.ts';
import { useLeaveQuestion } from '../parts/unsaved-work.ts';
import { RoomSnapshot } from '../rooms/room-snapshot.tsx';
import { clockDay } from '../texts/times.ts';
import { type ZoneEdit, zoneKindChoices } from './edit.ts';
import { useUndoKeys } from './use-undo-keys.ts';
import { useZoneWork } from './use-zone-work.ts';
import { ZoneEditor } from './zone-editor.tsx';
import { zoneText } from './zone-texts.ts';
import { DrawTools, Suggestions, ZoneProblems } from './zone-tools.tsx';

/** Long enough to draw the zones of a room. */
const snapshotSeconds = 300;

/** Where the bed, the sofa, the mat and the exits of a room are. */
export function ZonesView({ id }: { readonly id: string | undefined }): JSX.Element {
  const { t, language } = usePage();
  const rooms = useLive((state) => state.view.rooms);
  const sorted = Object.values(rooms).sort((a, b) => a.id - b.id);
  const room = entryOf(rooms, id);
  return (
    <section aria-labelledby="zones-title">
      <div class="view-head">
        <h1 id="zones-title">{zoneText(language, 'title')}</h1>
        <label class="field inline">
          <span>{zoneText(language, 'room')}</span>
          <select
            name="room"
            value={id ?? ''}
            onChange={(event) => {
              location.hash = `#/zones/${event.currentTarget.value}`;
            }}
          >
            <option value="">{zoneText(language, 'choose')}</option>
            {sorted.map((one) => (
              <option key={one.id} value={String(one.id)}>
                {roomName(t, one)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {room === undefined ? (
        <p class="empty">{zoneText(language, 'choose')}</p>
      ) : (
        <RoomZones key={room.id} room={room} />
      )}
    </section>
  );
}

function RoomZones({ room }: { readonly room: RoomView }): JSX.Element {
  const { t, api, language } = usePage();
  const { zones, state, wasKept, canUndo, canRedo, onEdit, onUndo, onRedo, onSaved, onDiscard } = useZoneWork(room);
  const [drawn, setDrawn] = useState<readonly (readonly [number, number])[]>();
  const [chosen, setChosen] = useState<number>();
  const leaving = useLeaveQuestion(state === 'changed');
  const problems = useMemo(() => zoneProblems(zones), [zones]);
  const save = async () => {
    const result = await api.saveZones(room.id, zones);
    if (result.complete && result.answers.every(({ ok }) => ok)) {
      onSaved(result.kept);
    }
    return result;
  };
  const onPlace = ([x, y]: readonly [number, number]): void => {
    if (drawn !== undefined) {
      setDrawn([...drawn, [x, y]]);
    } else if (chosen !== undefined && chosen < zones.length) {
      onEdit({ do: 'corner_at', zone: chosen, x, y });
    }
  };
  const finish = (): void => {
    if (drawn === undefined || drawn.length < 3) return;
    onEdit({ do: 'add_drawn', zone: { kind: 'bed', points: drawn.map(([x, y]) => [x, y]) } });
    setDrawn(undefined);
  };
  useUndoKeys(onUndo, onRedo);
  return (
    <>
      <LeaveQuestion leaving={leaving} />
      <p class="quiet">{zoneText(language, 'help')}</p>
      <div class="zones-work">
        <RoomSnapshot
          room={room}
          keepSeconds={snapshotSeconds}
          draw={(snapshot) => (
            <ZoneEditor
              room={room}
              zones={zones}
              onEdit={onEdit}
              snapshot={snapshot}
              problems={problems}
              drawn={drawn}
              onPlace={onPlace}
            />
          )}
        />
        <div class="zones-side">
          <h2 class="section">{zoneText(language, 'list')}</h2>
          <ZoneProblems problems={problems} zones={zones} />
          {zones.length === 0 ? <p class="empty">{zoneText(language, 'none')}</p> : null}
          <ul class="zone-list">
            {zones.map((zone, index) => (
              <ZoneRow
                key={index}
                index={index}
                zone={zone}
                onEdit={onEdit}
                isChosen={chosen === index}
                onChoose={() => setChosen(chosen === index ? undefined : index)}
              />
            ))}
          </ul>
          <DrawTools drawn={drawn} onDraw={setDrawn} onFinish={finish} onAdd={() => onEdit({ do: 'add' })} />
          <Suggestions room={room} zones={zones} onEdit={onEdit} />
          <div class="actions">
            <button type="button" class="plain" disabled={!canUndo} onClick={onUndo}>
              {zoneText(language, 'undo')}
            </button>
            <button type="button" class="plain" disabled={!canRedo} onClick={onRedo}>
              {zoneText(language, 'redo')}
            </button>
          </div>
          <div class="actions">
            <ActionButton
              label={zoneText(language, 'save')}
              of={roomName(t, room)}
              disabled={state !== 'changed' || problems.length > 0}
              act={save}
            />
            <button type="button" class="plain" disabled={state !== 'changed'} onClick={onDiscard}>
              {zoneText(language, 'discard')}
            </button>
          </div>
          <p role="status" class="quiet">
            {state === 'same' ? '' : wasKept ? zoneText(language, 'kept') : zoneText(language, state)}
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
  /** Clicks on the picture add corners to it. */
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function ZoneRow({ zone, index, onEdit, isChosen, onChoose }: ZoneRowProps): JSX.Element {
  const { t, language } = usePage();
  const { learned } = zone;
  return (
    <li class={`zone-row zone-${zone.kind}`}>
      <label class="field">
        <span>{zoneText(language, 'kind')}</span>
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
        <span>{zoneText(language, 'name')}</span>
        <input
          name="name"
          maxLength={64}
          value={zone.name ?? ''}
          onChange={(event) => onEdit({ do: 'name', zone: index, name: event.currentTarget.value })}
        />
      </label>
      {learned === undefined ? null : (
        <p class="quiet learned">
          {zoneText(language, 'learned', { by: learned.by, day: clockDay(language, learned.at) })}
        </p>
      )}
      <button type="button" class="plain" aria-pressed={isChosen} onClick={onChoose}>
        {zoneText(language, 'by_click')}
      </button>
      <button type="button" class="plain" onClick={() => onEdit({ do: 'add_corner', zone: index })}>
        {zoneText(language, 'add_corner')}
      </button>
      <button type="button" class="plain" onClick={() => onEdit({ do: 'remove', zone: index })}>
        {zoneText(language, 'remove')}
      </button>
    </li>
  );
}
