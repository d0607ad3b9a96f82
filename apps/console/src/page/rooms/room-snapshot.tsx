import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { may } from '../../shared/roles.ts';
import type { SnapshotView } from '../../shared/snapshot-view.ts';
import type { RoomView } from '../../shared/view.ts';
import { snapshotsAllowed } from '../live/page-state.ts';
import { ActionButton, Named } from '../parts/action-button.tsx';
import { useLive, usePage } from '../parts/context.ts';
import { useSigning } from '../parts/name-field.tsx';
import { snapshotText } from '../parts/room-frame.tsx';
import { roomName } from '../parts/room-texts.ts';

export interface RoomSnapshotProps {
  readonly room: RoomView;
  /** After this long a snapshot is hidden again. */
  readonly keepSeconds: number;
  /** Draws the room on the snapshot, or without one. */
  readonly draw: (snapshot: SnapshotView | undefined) => JSX.Element;
}

/** A room with a snapshot that can be requested, as long as the policy allows snapshots and the page is current. */
export function RoomSnapshot({ room, keepSeconds, draw }: RoomSnapshotProps): JSX.Element {
  const allowed = useLive(snapshotsAllowed);
  // taken out of the page when it is not allowed any more or another room is shown, and its snapshot with it
  return allowed ? <Asking key={room.id} room={room} keepSeconds={keepSeconds} draw={draw} /> : draw(undefined);
}

function Asking({ room, keepSeconds, draw }: RoomSnapshotProps): JSX.Element {
  const { t, language, session, api } = usePage();
  const name = roomName(t, room);
  const [snapshot, setSnapshot] = useState<SnapshotView>();
  const { sign, field } = useSigning({ atOnce: false });
  useEffect(() => {
    if (snapshot === undefined) return;
    const timer = setTimeout(() => setSnapshot(undefined), keepSeconds * 1000);
    return () => clearTimeout(timer);
  }, [snapshot, keepSeconds]);
  const show = async () => {
    setSnapshot(await api.snapshot(room.id, { reveal: false }));
    return undefined;
  };
  const reveal = async () => {
    const clear = await sign((signature) => api.snapshot(room.id, { reveal: true, ...signature }));
    if (clear !== undefined) {
      setSnapshot(clear);
    }
    return undefined;
  };
  return (
    <div class="picture" data-picture={snapshot === undefined ? 'none' : snapshot.blurred ? 'coarse' : 'clear'}>
      {draw(snapshot)}
      {snapshot === undefined ? null : <p class="quiet">{snapshotText(t, language, snapshot)}</p>}
      {field}
      <div class="actions">
        {snapshot === undefined ? (
          <ActionButton key="show" kind="plain" label={t('snapshot.show', { room: name })} act={show} />
        ) : null}
        {snapshot?.blurred === true && may(session.role, 'care') ? (
          <ActionButton key="reveal" kind="plain" label={t('snapshot.reveal')} of={name} act={reveal} />
        ) : null}
        {snapshot === undefined ? null : (
          <button type="button" class="plain" onClick={() => setSnapshot(undefined)}>
            {t('snapshot.hide')}
            <Named of={name} />
          </button>
        )}
      </div>
    </div>
  );
}
