import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { RoomSettingsView, RoomsSettingsView } from '../../shared/room-settings.ts';
import { errorText } from '../live/error-text.ts';
import { usePage } from '../parts/context.ts';
import { roomName } from '../parts/room-texts.ts';
import { rate } from '../texts/times.ts';
import { AddRoom } from './add-room.tsx';
import { EditRoom } from './edit-room.tsx';
import { roomSettingsText } from './room-settings-texts.ts';

/** Which rooms are monitored, by which camera and which processor: all of them with a form to add one, or one of them. */
export function RoomsSetup({ id }: { readonly id: string | undefined }): JSX.Element {
  const { t, api, language } = usePage();
  const s = roomSettingsText(language);
  const [settings, setSettings] = useState<RoomsSettingsView>();
  const [trouble, setTrouble] = useState('');
  const load = useCallback(async (): Promise<void> => {
    try {
      setSettings(await api.roomSettings());
    } catch (error) {
      setTrouble(t('action.failed', { message: errorText(language, error) }));
    }
  }, [api, t, language]);
  useEffect(() => void load(), [load]);
  if (settings === undefined) return <p class="trouble">{trouble}</p>;
  const room = settings.rooms.find((one) => String(one.id) === id);
  if (id !== undefined) return <OneRoom key={id} room={room} settings={settings} onChanged={load} />;
  return (
    <section aria-labelledby="setup-title">
      <div class="view-head">
        <h1 id="setup-title">{s('title')}</h1>
        <p class="quiet">{s('help')}</p>
      </div>
      <RoomTable rooms={settings.rooms} />
      <AddRoom settings={settings} onChanged={load} />
    </section>
  );
}

function OneRoom({
  room,
  settings,
  onChanged,
}: {
  readonly room: RoomSettingsView | undefined;
  readonly settings: RoomsSettingsView;
  readonly onChanged: () => Promise<void>;
}): JSX.Element {
  const { t, language } = usePage();
  const s = roomSettingsText(language);
  return (
    <section aria-labelledby="setup-title">
      <p>
        <a href="#/room-settings">← {s('title')}</a>
      </p>
      <h1 id="setup-title">{room === undefined ? t('room.unknown') : roomName(t, room)}</h1>
      {room === undefined ? null : <EditRoom room={room} settings={settings} onChanged={onChanged} />}
    </section>
  );
}

function RoomTable({ rooms }: { readonly rooms: readonly RoomSettingsView[] }): JSX.Element {
  const { t, language } = usePage();
  const s = roomSettingsText(language);
  if (rooms.length === 0) return <p class="empty">{s('none')}</p>;
  return (
    <div class="report-table">
      <table>
        <caption class="visually-hidden">{s('title')}</caption>
        <thead>
          <tr>
            <th scope="col">{s('room')}</th>
            <th scope="col">{s('ward')}</th>
            <th scope="col">{s('home')}</th>
            <th scope="col">{s('table.rate')}</th>
          </tr>
        </thead>
        <tbody>
          {rooms.map((room) => (
            <tr key={room.id} data-room-setup={room.id}>
              <th scope="row">
                <a href={`#/room-settings/${room.id}`}>{roomName(t, room)}</a>
              </th>
              <td>{room.ward ?? '–'}</td>
              <td>{room.home}</td>
              <td>{room.maxFps === undefined ? '–' : rate(language, room.maxFps)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
