import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { RoomSettingsView, RoomsSettingsView } from '../../shared/room-settings.ts';
import { useLive, usePage } from '../parts/context.ts';
import { entryOf } from '../parts/room-texts.ts';
import {
  DoneLine,
  HomeSelect,
  ModelSelect,
  optionalNumber,
  optionalText,
  StreamSelect,
  TextField,
} from './room-fields.tsx';
import { roomSettingsText } from './room-settings-texts.ts';
import { useChange } from './use-change.ts';

export interface EditRoomProps {
  readonly room: RoomSettingsView;
  readonly settings: RoomsSettingsView;
  readonly onChanged: () => Promise<void>;
}

/** Name, ward, camera and rate of a room; its home; and its removal. */
export function EditRoom(props: EditRoomProps): JSX.Element {
  return (
    <>
      <SetRoom {...props} />
      <MoveRoom {...props} />
      <RemoveRoom {...props} />
    </>
  );
}

function SetRoom({ room, settings, onChanged }: EditRoomProps): JSX.Element {
  const { language } = usePage();
  const s = roomSettingsText(language);
  const { busy, done, send } = useChange(onChanged);
  const [name, setName] = useState(room.name ?? '');
  const [ward, setWard] = useState(room.ward ?? '');
  const [address, setAddress] = useState(room.address ?? '');
  const [stream, setStream] = useState('');
  const [model, setModel] = useState(room.modelId ?? '');
  const [maxFps, setMaxFps] = useState(String(room.maxFps ?? ''));
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const rate = optionalNumber(maxFps);
    // only what differs is sent: what another person changed meanwhile stays
    const body = {
      name: optionalText(name) === room.name ? undefined : (optionalText(name) ?? null),
      ward: optionalText(ward) === room.ward ? undefined : (optionalText(ward) ?? null),
      address: stream !== '' || optionalText(address) === room.address ? undefined : optionalText(address),
      stream: optionalText(stream),
      model_id: optionalText(model) === room.modelId ? undefined : (optionalText(model) ?? null),
      max_fps: rate === room.maxFps ? undefined : (rate ?? null),
    };
    await send(`/${room.id}`, body, 'changed', room.id);
  };
  return (
    <section class="panel" aria-labelledby="set-title">
      <h2 id="set-title">{s('edit')}</h2>
      <form onSubmit={save} aria-labelledby="set-title">
        <div class="fields">
          <TextField name="name" label={s('name')} hint={s('name.hint')} value={name} onValue={setName} />
          <TextField name="ward" label={s('ward')} value={ward} onValue={setWard} />
          <StreamSelect streams={settings.streams} value={stream} onValue={setStream} />
          {stream === '' ? (
            <TextField
              name="address"
              label={s('address.replace')}
              hint={s(settings.keepsCameras ? 'address.replace.go2rtc' : 'address.replace.plain')}
              value={address}
              onValue={setAddress}
            />
          ) : null}
          <ModelSelect models={settings.models} value={model} onValue={setModel} />
          <TextField
            name="max_fps"
            label={s('rate')}
            hint={s('rate.hint')}
            value={maxFps}
            onValue={setMaxFps}
            kind="rate"
          />
        </div>
        <button type="submit" class="main" aria-disabled={busy} aria-busy={busy}>
          {s('save')}
        </button>
        <DoneLine busy={busy} done={done} />
      </form>
    </section>
  );
}

function MoveRoom({ room, settings, onChanged }: EditRoomProps): JSX.Element {
  const { language } = usePage();
  const s = roomSettingsText(language);
  const { busy, done, send } = useChange(onChanged);
  const [home, setHome] = useState(room.home);
  const move = async (event: Event): Promise<void> => {
    event.preventDefault();
    await send(`/${room.id}/move`, { home }, 'moved', room.id);
  };
  return (
    <section class="panel" aria-labelledby="move-title">
      <h2 id="move-title">{s('move')}</h2>
      <p class="quiet">{s('move.help')}</p>
      <form onSubmit={move} aria-labelledby="move-title">
        <div class="fields">
          <HomeSelect homes={settings.homes} value={home} onValue={setHome} />
        </div>
        <button type="submit" class="plain" disabled={home === room.home} aria-busy={busy}>
          {s('move.send')}
        </button>
        <DoneLine busy={busy} done={done} />
      </form>
    </section>
  );
}

/** Asks before: the first press shows what the removal means. */
function RemoveRoom({ room, onChanged }: EditRoomProps): JSX.Element {
  const { language } = usePage();
  const s = roomSettingsText(language);
  const { busy, done, send } = useChange(onChanged);
  const [asks, setAsks] = useState(false);
  const incident = useLive((state) => entryOf(state.view.rooms, String(room.id))?.incidentId);
  const remove = async (): Promise<void> => {
    const sent = await send(`/${room.id}/remove`, { confirmed: true }, 'removed', room.id);
    if (sent?.ok === true) {
      location.hash = '#/room-settings';
    }
  };
  return (
    <section class="panel" aria-labelledby="remove-title">
      <h2 id="remove-title">{s('remove')}</h2>
      {asks ? (
        <div role="alert">
          <p class="warn">{s('remove.consequence', { home: room.home })}</p>
          {incident === undefined ? null : <p class="warn">{s('remove.incident')}</p>}
          <p class="actions">
            <button type="button" class="main" aria-busy={busy} onClick={remove}>
              {s('remove.confirm', { id: room.id })}
            </button>{' '}
            <button type="button" class="plain" onClick={() => setAsks(false)}>
              {s('cancel')}
            </button>
          </p>
        </div>
      ) : (
        <button type="button" class="plain" onClick={() => setAsks(true)}>
          {s('remove.ask')}
        </button>
      )}
      <DoneLine busy={busy} done={done} />
    </section>
  );
}
