import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ClipView } from '../../shared/clip-view.ts';
import { usePage } from '../parts/context.ts';
import { oneDigit } from '../texts/times.ts';

/** A gap in a clip is not waited for longer than this, ms. */
const longestPauseMs = 1000;

/** Plays the frames of a clip at the times at which the camera sent them; begins at the fall. */
export function ClipPlayer({ clip, fallAt }: { readonly clip: ClipView; readonly fallAt: string }): JSX.Element {
  const { t, language } = usePage();
  const times = clip.frames.map(({ at }) => Date.parse(at) - Date.parse(fallAt));
  const last = times.length - 1;
  const fall = Math.max(
    0,
    times.findIndex((ms) => ms >= 0),
  );
  const [at, setAt] = useState(fall);
  const [playing, setPlaying] = useState(false);
  const [ms, nextMs] = [times[at] ?? 0, times[at + 1]];
  useEffect(() => {
    if (!playing || nextMs === undefined) {
      setPlaying(false);
      return undefined;
    }
    const timer = setTimeout(() => setAt(at + 1), Math.min(nextMs - ms, longestPauseMs));
    return () => clearTimeout(timer);
  }, [playing, at, ms, nextMs]);
  const goTo = (index: number): void => {
    setPlaying(false);
    setAt(index);
  };
  const play = (): void => {
    if (at === last) {
      setAt(0);
    }
    setPlaying(!playing);
  };
  const seconds = oneDigit(language, Math.abs(ms) / 1000);
  const caption = ms === 0 ? t('replay.at') : t(ms < 0 ? 'replay.before' : 'replay.after', { seconds });
  return (
    <div class="replay-player" data-frames={times.length}>
      <img class="replay-sketch" alt={caption} src={`data:image/jpeg;base64,${clip.frames[at]?.jpeg}`} />
      <p class="replay-caption" aria-live={playing ? 'off' : 'polite'}>
        {caption}
      </p>
      <input
        type="range"
        class="replay-time"
        aria-label={t('replay.time')}
        aria-valuetext={caption}
        min={0}
        max={last}
        value={at}
        onInput={(event) => goTo(Number(event.currentTarget.value))}
      />
      <div class="actions">
        <button type="button" class="plain" disabled={at === 0} onClick={() => goTo(at - 1)}>
          {t('replay.back')}
        </button>
        <button type="button" class="main" onClick={play}>
          {t(playing ? 'replay.pause' : 'replay.play')}
        </button>
        <button type="button" class="plain" disabled={at === last} onClick={() => goTo(at + 1)}>
          {t('replay.forward')}
        </button>
        <button type="button" class="plain" onClick={() => goTo(fall)}>
          {t('replay.to_fall')}
        </button>
      </div>
    </div>
  );
}
