import { useSyncExternalStore } from 'preact/compat';
import { useEffect } from 'preact/hooks';
import type { AlarmSound, SoundState } from '../audio/alarm-sound.ts';
import { usePage } from '../parts/context.ts';

/** `unasked`: the person at this device has not decided yet whether it sounds alarms. */
export type SoundView = SoundState | 'off' | 'unasked';

/** Returns whether alarms can be heard from this page now. */
export function useSoundView(): SoundView {
  const { sound, settings } = usePage();
  const state = useSyncExternalStore(sound.listen, () => sound.state);
  return settings.sound === 'on' ? state : settings.sound;
}

/** Opens the sound while it is wanted; any touch or key makes a blocked page audible. */
export function useUnlockedByTouch(sound: AlarmSound, wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return;
    sound.start();
    const unlock = ({ target }: Event): void => {
      // The switch does it itself: made audible before its click arrives, it would turn the sound off.
      if (target instanceof Element && target.closest('button[data-sound]') !== null) return;
      void sound.unlock().catch(() => undefined);
    };
    for (const name of touches) {
      document.addEventListener(name, unlock);
    }
    return () => {
      for (const name of touches) {
        document.removeEventListener(name, unlock);
      }
    };
  }, [sound, wanted]);
}

/** Repeats a sound while something is `wrong` and the sound is on; the first time at once. */
export function useRepeatedSound(wrong: boolean, everyMs: number, play: () => void): void {
  const { settings } = usePage();
  useRepeated(wrong && settings.sound === 'on', everyMs, play);
}

/** Repeats a sound while it is `audible`; the first time at once. */
export function useRepeated(audible: boolean, everyMs: number, play: () => void): void {
  useEffect(() => {
    if (!audible) return;
    play();
    const timer = setInterval(play, everyMs);
    return () => clearInterval(timer);
  }, [audible, everyMs, play]);
}

const touches = ['pointerup', 'click', 'keydown', 'touchend'] as const;
