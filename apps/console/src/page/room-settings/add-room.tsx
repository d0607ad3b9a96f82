import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { RoomsSettingsView } from '../../shared/room-settings.ts';
import { usePage } from '../parts/context.ts';
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

export interface AddRoomProps {
  readonly settings: RoomsSettingsView;
  readonly onChanged: () => Promise<void>;
}

/** The first number that no room has. */
function freeNumber({ rooms }: RoomsSettingsView): number {
  const taken = new Set(rooms.map(({ id }) => id));
  let id = 1;
  while (taken.has(id)) {
    id += 1;
  }
  return id;
}

/** Streams that are not the camera of another room by their number. */
function freeStreams({ streams, rooms }: RoomsSettingsView): readonly string[] {
  const taken = new Set(rooms.map(({ id }) => String(id)));
  return streams.filter((name) => !taken.has(name));
}

/** The form that adds a room. Its fields stay when the room was refused. */
export function AddRoom({ settings, onChanged }: AddRoomProps): JSX.Element {
  const { language } = usePage();
  const s = roomSettingsText(language);
  const [number, setNumber] = useState(String(freeNumber(settings)));
  const [name, setName] = useState('');
  const [ward, setWard] = useState('');
  const [address, setAddress] = useState('');
  const [stream, setStream] = useState('');
  const [home, setHome] = useState('');
  const [model, setModel] = useState('');
  const [maxFps, setMaxFps] = useState('');
  const { busy, done, send } = useChange(onChanged);
  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const body = {
      source_id: Number(number),
      name: optionalText(name),
      ward: optionalText(ward),
      address: stream === '' ? optionalText(address) : undefined,
      stream: optionalText(stream),
      home: optionalText(home),
      model_id: optionalText(model),
      max_fps: optionalNumber(maxFps),
    };
    const sent = await send('', body, 'added', number);
    if (sent?.ok === true) {
      setNumber(String(Number(number) + 1));
      setName('');
      setAddress('');
      setStream('');
    }
  };
  const chooseStream = (chosen: string): void => {
    setStream(chosen);
    if (/^[0-9]{1,7}$/.test(chosen)) {
      setNumber(chosen);
    }
  };
  return (
    <section class="panel" aria-labelledby="add-title">
      <h2 id="add-title">{s('add')}</h2>
      <form onSubmit={add} aria-labelledby="add-title">
        <div class="fields">
          <TextField name="number" label={s('number')} value={number} onValue={setNumber} required kind="number" />
          <TextField name="name" label={s('name')} hint={s('name.hint')} value={name} onValue={setName} />
          <TextField name="ward" label={s('ward')} value={ward} onValue={setWard} />
          <StreamSelect streams={freeStreams(settings)} value={stream} onValue={chooseStream} />
          {stream === '' ? (
            <TextField
              name="address"
              label={s('address')}
              hint={s(settings.keepsCameras ? 'address.go2rtc' : 'address.plain')}
              value={address}
              onValue={setAddress}
            />
          ) : null}
          <HomeSelect homes={settings.homes} value={home} onValue={setHome} automatic />
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
          {s('add.send')}
        </button>
        <DoneLine busy={busy} done={done} />
      </form>
    </section>
  );
}
