import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '../live/error-text.ts';
import { usePage } from '../parts/context.ts';
import type { TextKey } from '../texts/en.ts';
import { type DeviceState, NotificationsBlockedError, restoreDevice, turnOff, turnOn } from './device.ts';
import { onWorkerMessage } from './register-worker.ts';
import { formatRoomList, parseRoomList } from './room-list.ts';

/** Whether this device receives alarms also while the page is closed, and of which rooms. */
export function AlarmsOnDevice(): JSX.Element | null {
  const { t, api, language } = usePage();
  const [state, setState] = useState<DeviceState>();
  const [rooms, setRooms] = useState('');
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState('');
  useEffect(() => {
    restoreDevice(api).then(
      (found) => {
        setState(found);
        if (found.kind === 'on') {
          setRooms(formatRoomList(found.rooms));
        }
      },
      (error) => {
        setState({ kind: 'off' });
        setOutcome(errorText(language, error));
      },
    );
  }, [api, language]);
  useEffect(() => {
    return onWorkerMessage(({ type }) => {
      if (type === 'push') {
        setOutcome(t('device.received'));
      }
    });
  }, [t]);
  if (state === undefined) return null;

  const run = async (act: () => Promise<DeviceState>, done: TextKey): Promise<void> => {
    setBusy(true);
    setOutcome('');
    try {
      setState(await act());
      setOutcome(t(done));
    } catch (error) {
      if (error instanceof NotificationsBlockedError) {
        setState({ kind: 'blocked' });
      } else {
        setOutcome(error instanceof DOMException ? t('device.no_push_service') : errorText(language, error));
      }
    }
    setBusy(false);
  };
  const save = async (): Promise<void> => {
    const wanted = parseRoomList(rooms);
    if (wanted === 'invalid') {
      setOutcome(t('device.rooms_invalid'));
    } else {
      await run(() => turnOn(api, wanted), 'device.registered');
    }
  };
  const on = state.kind === 'on';
  return (
    <div class="field" data-device={state.kind}>
      <span>{t('device.title')}</span>
      <small class="quiet">{t(`device.${state.kind}`)}</small>
      {on || state.kind === 'off' ? (
        <>
          <label class="field">
            <small>{t('device.rooms')}</small>
            <input name="alarm-rooms" value={rooms} onInput={(event) => setRooms(event.currentTarget.value)} />
          </label>
          <button type="button" class="plain" disabled={busy} onClick={save}>
            {t(on ? 'device.save' : 'device.turn_on')}
          </button>
        </>
      ) : null}
      {on ? (
        <button type="button" class="plain" disabled={busy} onClick={() => run(() => turnOff(api), 'device.stopped')}>
          {t('device.turn_off')}
        </button>
      ) : null}
      <small role="status">{outcome}</small>
    </div>
  );
}
