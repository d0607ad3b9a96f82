import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { IncidentView, RoomView } from '../../shared/view.ts';
import { alarms, unattended } from '../live/rank.ts';
import { useLive, useNow, usePage } from '../parts/context.ts';
import { Icon } from '../parts/icon.tsx';
import { roomName } from '../parts/words.ts';
import { clockTime, duration } from '../texts/times.ts';
import { IncidentActions } from './incident-actions.tsx';
import { soundAlarm } from './sound.ts';

const againMs = 4000;

/** On every view, until somebody has said that they take care of it: also of who is up again by themselves. */
export function AlarmBar(): JSX.Element {
  const { t, settings } = usePage();
  const incidents = useLive((state) => state.view.incidents);
  const open = alarms(Object.values(incidents));
  const rooms = useLive((state) => state.view.rooms);
  const alone = unattended(Object.values(rooms));
  const count = open.length + alone.length;
  const ringing = count > 0 && settings.sound;
  useEffect(() => {
    if (!ringing) return;
    soundAlarm();
    const timer = setInterval(soundAlarm, againMs);
    return () => clearInterval(timer);
  }, [ringing]);
  const down = open.filter((one) => one.recovered_at === undefined);
  const words = down.length + alone.length > 0 ? t('alarm.fall') : t('alarm.recovered');
  useEffect(() => {
    document.title = count > 0 ? `(${count}) ${words} · Vigilia` : 'Vigilia';
  }, [count, words]);
  return (
    <>
      <p class="visually-hidden" role="alert">
        {[...down.map((one) => nameOf(t, one)), ...alone.map((one) => roomName(t, one))]
          .map((room) => t('alarm.announce', { room }))
          .join(' ')}
      </p>
      {open.map((incident) => (
        <Alarm key={incident.incident_id} incident={incident} />
      ))}
      {alone.map((room) => (
        <UnattendedAlarm key={room.id} room={room} />
      ))}
    </>
  );
}

function Alarm({ incident }: { readonly incident: IncidentView }): JSX.Element {
  const { t, language } = usePage();
  const now = useNow();
  const time = clockTime(language, incident.opened_at, now);
  const ago = duration(language, now - new Date(incident.opened_at).getTime());
  const up = incident.recovered_at !== undefined;
  const words = t(up ? 'alarm.recovered' : 'alarm.fall');
  return (
    <section class="alarm" aria-label={`${words}: ${nameOf(t, incident)}`}>
      <Icon name={up ? 'recovered' : 'fall'} />
      <div class="alarm-text">
        <strong>
          {words}: <a href={`#/rooms/${incident.source_id}`}>{nameOf(t, incident)}</a>
        </strong>
        <span>{t('alarm.since', { time, ago })}</span>
      </div>
      <IncidentActions incident={incident} brief />
    </section>
  );
}

/** The processor's own word, when there is no orchestrator that makes an incident of it. */
function UnattendedAlarm({ room }: { readonly room: RoomView }): JSX.Element {
  const { t } = usePage();
  return (
    <section class="alarm" aria-label={`${t('alarm.fall')}: ${roomName(t, room)}`}>
      <Icon name="fall" />
      <div class="alarm-text">
        <strong>
          {t('alarm.fall')}: <a href={`#/rooms/${room.id}`}>{roomName(t, room)}</a>
        </strong>
        <span>{t('alarm.no_incident')}</span>
      </div>
    </section>
  );
}

function nameOf(t: ReturnType<typeof usePage>['t'], { source_id, room_name }: IncidentView): string {
  return roomName(t, room_name === undefined ? { id: source_id } : { id: source_id, name: room_name });
}
