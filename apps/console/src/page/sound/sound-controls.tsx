import type { JSX } from 'preact';
import { usePage } from '../parts/context.ts';
import { Icon } from '../parts/icon.tsx';
import { useSoundView } from './use-sound.ts';

/** Shows whether the page can be heard, and turns the sound on and off. */
export function SoundSwitch(): JSX.Element {
  const { t, sound, change } = usePage();
  const view = useSoundView();
  const heard = view === 'ready';
  const endable = heard || view === 'unavailable';
  const label = t(endable ? 'sound.turn_off' : view === 'blocked' ? 'sound.blocked' : 'sound.turn_on');
  const turn = (): void => {
    if (!endable) {
      void sound.testTone().catch(() => undefined);
    }
    change({ sound: endable ? 'off' : 'on' });
  };
  return (
    <button
      type="button"
      class={view === 'blocked' || view === 'unavailable' ? 'round sound-broken' : 'round'}
      data-sound={view}
      aria-label={label}
      title={label}
      onClick={turn}
    >
      <Icon name={heard ? 'sound' : 'mute'} />
    </button>
  );
}

/** Asks once whether this device sounds alarms; later shows in red that it cannot. */
export function SoundBar(): JSX.Element | null {
  const { t, sound, change } = usePage();
  const view = useSoundView();
  const turnOn = (): void => {
    change({ sound: 'on' });
    void sound.testTone().catch(() => undefined);
  };
  if (view === 'unasked') {
    return (
      <section class="notice" data-sound-bar="question" aria-label={t('sound.question')}>
        <p>{t('sound.question')}</p>
        <div class="actions">
          <button type="button" class="main" onClick={turnOn}>
            {t('sound.yes')}
          </button>
          <button type="button" class="plain" onClick={() => change({ sound: 'off' })}>
            {t('sound.no')}
          </button>
        </div>
      </section>
    );
  }
  if (view !== 'blocked' && view !== 'unavailable') return null;
  return (
    <section class="notice notice-red" data-sound-bar={view} aria-label={t(`sound.${view}`)}>
      <Icon name="mute" />
      <p>{t(`sound.${view}`)}</p>
      {view === 'blocked' ? (
        <button type="button" class="main" onClick={turnOn}>
          {t('sound.unblock')}
        </button>
      ) : null}
    </section>
  );
}

/** Plays the test tone, and asks the person to listen for it. */
export function TestToneButton(): JSX.Element {
  const { t, sound } = usePage();
  return (
    <button type="button" class="plain" onClick={() => void sound.testTone().catch(() => undefined)}>
      {t('sound.test')}
    </button>
  );
}
