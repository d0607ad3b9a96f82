import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { AlarmSound } from './audio/alarm-sound.ts';
import type { PageSettings } from './live/settings.ts';
import { useRepeated } from './sound/use-sound.ts';
import { againMs } from './system/fault-bar.tsx';
import { useLasting } from './system/lasting.ts';
import { translate } from './texts/translate.ts';

/** A console answers within a moment; a text that flashes up at every load would be noise. */
const showAfterMs = 2000;

export interface NoAnswerProps {
  readonly settings: PageSettings;
  readonly sound: AlarmSound;
}

/** Stands in for the page until the console answers for the first time: what that means, and what to do. */
export function NoAnswer({ settings, sound }: NoAnswerProps): JSX.Element | null {
  const { language } = settings;
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), showAfterMs);
    return () => clearTimeout(timer);
  }, []);
  const lasting = useLasting(true);
  useRepeated(lasting && settings.sound === 'on', againMs, sound.playFault);
  if (!shown) return null;
  return (
    <main class="sign-in" data-no-answer>
      <div class="panel" role="alert">
        <p class="brand">Vigilia</p>
        <h1>{translate(language, 'start.no_answer')}</h1>
        <p>{translate(language, 'start.what_to_do')}</p>
        <p class="quiet">{translate(language, 'start.trying')}</p>
      </div>
    </main>
  );
}
