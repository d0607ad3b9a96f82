import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PictureView } from '../../shared/picture-view.ts';
import { may } from '../../shared/roles.ts';
import type { RoomView } from '../../shared/view.ts';
import { picturesAllowed } from '../live/store.ts';
import { ActionButton, Named } from '../parts/action-button.tsx';
import { useLive, usePage } from '../parts/context.ts';
import { pictureText } from '../parts/frame.tsx';
import { useSigning } from '../parts/name-field.tsx';
import { roomName } from '../parts/words.ts';

export interface RoomPictureProps {
  readonly room: RoomView;
  /** After this long a picture is hidden again. */
  readonly keepSeconds: number;
  /** Draws the room on the picture, or without one. */
  readonly draw: (picture: PictureView | undefined) => JSX.Element;
}

/** A room with a picture that can be asked for, as long as the policy allows pictures and the page is current. */
export function RoomPicture({ room, keepSeconds, draw }: RoomPictureProps): JSX.Element {
  const allowed = useLive(picturesAllowed);
  // taken out of the page when it is not allowed any more or another room is shown, and its picture with it
  return allowed ? <Asking key={room.id} room={room} keepSeconds={keepSeconds} draw={draw} /> : draw(undefined);
}

function Asking({ room, keepSeconds, draw }: RoomPictureProps): JSX.Element {
  const { t, language, session, api } = usePage();
  const name = roomName(t, room);
  const [picture, setPicture] = useState<PictureView>();
  const { sign, field } = useSigning({ atOnce: false });
  useEffect(() => {
    if (picture === undefined) return;
    const timer = setTimeout(() => setPicture(undefined), keepSeconds * 1000);
    return () => clearTimeout(timer);
  }, [picture, keepSeconds]);
  const show = async () => {
    setPicture(await api.picture(room.id, { reveal: false }));
    return undefined;
  };
  const reveal = async () => {
    const clear = await sign((signature) => api.picture(room.id, { reveal: true, ...signature }));
    if (clear !== undefined) setPicture(clear);
    return undefined;
  };
  return (
    <div class="picture" data-picture={picture === undefined ? 'none' : picture.blurred ? 'coarse' : 'clear'}>
      {draw(picture)}
      {picture === undefined ? null : <p class="quiet">{pictureText(t, language, picture)}</p>}
      {field}
      <div class="actions">
        {picture === undefined ? (
          <ActionButton key="show" kind="plain" label={t('picture.show', { room: name })} act={show} />
        ) : null}
        {picture?.blurred === true && may(session.role, 'care') ? (
          <ActionButton key="reveal" kind="plain" label={t('picture.reveal')} of={name} act={reveal} />
        ) : null}
        {picture === undefined ? null : (
          <button type="button" class="plain" onClick={() => setPicture(undefined)}>
            {t('picture.hide')}
            <Named of={name} />
          </button>
        )}
      </div>
    </div>
  );
}
