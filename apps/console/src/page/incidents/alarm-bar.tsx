import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { alarmsOf, type ShownAlarm } from '../live/rank.ts';
import { useLive, useNow, usePage } from '../parts/context.ts';
import { Icon } from '../parts/icon.tsx';
import { roomName } from '../parts/room-texts.ts';
import { useRepeatedSound } from '../sound/use-sound.ts';
import { clockTime, duration } from '../texts/times.ts';
import { IncidentActions } from './incident-actions.tsx';
import { ReportActions } from './report-actions.tsx';

const againMs = 4000;
/** A tap so soon after another alarm has taken the place of the last one was meant for the last one. */
const swapGuardMs = 700;

/** Returns every alarm, the worst first. */
export function useAlarms(): readonly ShownAlarm[] {
  const incidents = useLive((state) => state.view.incidents);
  const rooms = useLive((state) => state.view.rooms);
  return useMemo(() => alarmsOf({ incidents, rooms }), [incidents, rooms]);
}

/** On every view until a person takes care of them: how many alarms there are, and the worst of them by name. */
export function AlarmBar(): JSX.Element {
  const { sound } = usePage();
  const alarms = useAlarms();
  const [worst] = alarms;
  useRepeatedSound(worst !== undefined, againMs, sound.playAlarm);
  return (
    <>
      <NewAlarms alarms={alarms} />
      {worst === undefined ? null : <WorstAlarm alarm={worst} count={alarms.length} />}
    </>
  );
}

function WorstAlarm({ alarm, count }: { readonly alarm: ShownAlarm; readonly count: number }): JSX.Element {
  const { t } = usePage();
  const words = alarmText(t, alarm);
  const name = roomName(t, { id: alarm.roomId, name: alarm.roomName });
  const shown = useRef({ key: alarm.key, sinceMs: Number.NEGATIVE_INFINITY });
  if (shown.current.key !== alarm.key) {
    shown.current = { key: alarm.key, sinceMs: performance.now() };
  }
  const stopHastyTap = (event: Event): void => {
    if (performance.now() - shown.current.sinceMs > swapGuardMs) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section class="alarm" aria-label={`${words}: ${name}`} data-alarms={count} onClickCapture={stopHastyTap}>
      <Icon name={alarm.down ? 'fall' : 'recovered'} />
      <div class="alarm-text">
        <strong>
          {words}: <a href={`#/rooms/${alarm.roomId}`}>{name}</a>
        </strong>
        <Since alarm={alarm} />
        {alarm.incident === undefined ? (
          <span>{t(alarm.report === undefined ? 'alarm.no_incident' : 'report.text')}</span>
        ) : null}
      </div>
      {count === 1 ? null : (
        <a class="button alarm-all" href="#/incidents">
          {t('alarm.all', { count })}
        </a>
      )}
      {alarm.incident === undefined ? null : <IncidentActions key={alarm.key} incident={alarm.incident} brief />}
      {alarm.report === undefined ? null : (
        <ReportActions key={alarm.key} room={{ id: alarm.roomId, name: alarm.roomName }} report={alarm.report} brief />
      )}
    </section>
  );
}

/** Returns what an alarm is about, in words; a drill is called one. */
export function alarmText(t: ReturnType<typeof usePage>['t'], { drill, down }: ShownAlarm): string {
  return `${drill ? `${t('incident.drill')} · ` : ''}${t(down ? 'alarm.fall' : 'alarm.recovered')}`;
}

function Since({ alarm }: { readonly alarm: ShownAlarm }): JSX.Element | null {
  const { t, language } = usePage();
  const now = useNow();
  if (alarm.since === '') return null;
  const time = clockTime(language, alarm.since, now);
  const ago = duration(language, now - new Date(alarm.since).getTime());
  return <span>{t('alarm.since', { time, ago })}</span>;
}

/** Announces each alarm to screen readers once, when it is new. */
function NewAlarms({ alarms }: { readonly alarms: readonly ShownAlarm[] }): JSX.Element {
  const { t } = usePage();
  const place = useRef<HTMLParagraphElement>(null);
  const announced = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const fresh = alarms.filter(({ key, down }) => down && !announced.current.has(key));
    announced.current = new Set(alarms.filter(({ down }) => down).map(({ key }) => key));
    if (fresh.length === 0 || place.current === null) return;
    const sentence = (alarm: ShownAlarm): string =>
      t('alarm.announce', {
        alarm: alarmText(t, alarm),
        room: roomName(t, { id: alarm.roomId, name: alarm.roomName }),
      });
    place.current.textContent = fresh.map(sentence).join(' ');
  }, [alarms, t]);
  return <p class="visually-hidden" role="alert" ref={place} />;
}
