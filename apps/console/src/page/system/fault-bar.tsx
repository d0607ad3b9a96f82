import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { staleness } from '../live/page-state.ts';
import { useLive, usePage } from '../parts/context.ts';
import { Icon } from '../parts/icon.tsx';
import { useRepeatedSound } from '../sound/use-sound.ts';
import { clockTime } from '../texts/times.ts';
import { allSilenced, faultNames, faultsOf } from './faults.ts';
import { useLasting } from './lasting.ts';

/** How often a loss sounds. */
export const againMs = 15_000;
/** People who deal with a fault may silence it; it sounds again afterwards, and another fault sounds at once. */
const silenceMs = 15 * 60_000;

/** Shows and sounds what of the monitoring system does not work, and what to do. */
export function FaultBar(): JSX.Element | null {
  const { t, sound } = usePage();
  const first = useLive((state) => staleness(state)?.reason === 'first');
  const names = useLive((state) =>
    faultsOf(state)
      .map(({ name }) => name)
      .join(' '),
  );
  const lasting = useLasting(names !== '');
  const [silenced, setSilenced] = useState('');
  // a connection that comes and goes stays silenced in between
  const last = useRef('');
  if (names !== '') {
    last.current = names;
  }
  const silent = allSilenced(last.current, silenced);
  useEffect(() => {
    if (silenced === '') return;
    const timer = setTimeout(() => setSilenced(''), silenceMs);
    return () => clearTimeout(timer);
  }, [silenced]);
  useRepeatedSound(lasting && !silent, againMs, sound.playFault);
  if (first) return <Waiting />;
  if (names === '') return null;
  return (
    <section class="stale-bar" role="alert" data-faults={names}>
      <Icon name="unknown" />
      <div class="stale-text">
        {faultNames
          .filter((name) => names.split(' ').includes(name))
          .map((name) => (
            <p key={name}>
              <Since />
              {t(`fault.${name}`)}
            </p>
          ))}
      </div>
      {lasting ? (
        <button type="button" class="plain" onClick={() => setSilenced(silent ? '' : names)}>
          {t(silent ? 'fault.sound_again' : 'fault.silence')}
        </button>
      ) : null}
    </section>
  );
}

function Waiting(): JSX.Element {
  const { t } = usePage();
  return (
    <section class="stale-bar" role="alert">
      <Icon name="unknown" />
      <p>{t('stale.first')}</p>
    </section>
  );
}

/** Since when nothing is current, where that is so. */
function Since(): JSX.Element | null {
  const { t, language } = usePage();
  const sinceMs = useLive((state) => staleness(state)?.sinceMs);
  if (sinceMs === undefined) return null;
  const time = clockTime(language, new Date(sinceMs).toISOString(), Date.now());
  return <strong>{t('stale.title', { time })} </strong>;
}
