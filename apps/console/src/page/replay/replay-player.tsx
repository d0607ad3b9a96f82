import { sketchContent } from '@vigilia/house/sketch';
import type { Replay, ReplayMoment } from '@vigilia/protocol';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useNow, usePage } from '../parts/context.ts';
import { oneDigit } from '../texts/times.ts';
import type { Language } from '../texts/translate.ts';

const speeds = [0.5, 1, 2, 4] as const;
const tickMs = 100;
/** A replay covers 20 s after the fall; the last results need a moment more. */
const observedForMs = 22_000;

type Texts = ReturnType<typeof usePage>['t'];

/**
 * Plays the moments of a replay at their times. Between two moments the earlier one stays: nothing is shown that was not observed,
 * and the caption states the time of the moment, not of the clock.
 */
export function ReplayPlayer({ replay }: { readonly replay: Replay }): JSX.Element {
  const { t, language } = usePage();
  const { moments } = replay;
  const [timeMs, setTimeMs] = useState(() => fallMoment(moments)?.ms ?? 0);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<number>(1);
  const [firstMs, lastMs] = [moments[0]?.ms ?? 0, moments.at(-1)?.ms ?? 0];
  useEffect(() => {
    if (!playing) return undefined;
    const timer = setInterval(() => setTimeMs((before) => Math.min(lastMs, before + tickMs * speed)), tickMs);
    return () => clearInterval(timer);
  }, [playing, speed, lastMs]);
  const ended = timeMs >= lastMs;
  useEffect(() => {
    if (ended) {
      setPlaying(false);
    }
  }, [ended]);
  const at = Math.max(
    0,
    moments.findLastIndex(({ ms }) => ms <= timeMs),
  );
  const moment = moments[at];
  const goTo = (ms: number | undefined): void => {
    setPlaying(false);
    setTimeMs(ms ?? timeMs);
  };
  const play = (): void => {
    if (ended) {
      setTimeMs(firstMs);
    }
    setPlaying(!playing);
  };
  const caption = moment === undefined ? '' : captionOf(t, language, moment);
  return (
    <div class="replay-player">
      <svg
        class="replay-sketch"
        viewBox={`0 0 ${replay.size.width} ${replay.size.height}`}
        role="img"
        aria-label={caption}
        // the replay holds numbers only, and `sketchContent` escapes the names of zones
        dangerouslySetInnerHTML={{ __html: sketchContent(replay, { moment, zoneName: (kind) => t(`zone.${kind}`) }) }}
      />
      <p class="replay-caption" aria-live={playing ? 'off' : 'polite'}>
        {caption}
      </p>
      <ReplayTrack replay={replay} timeMs={timeMs} />
      <input
        type="range"
        class="replay-time"
        aria-label={t('replay.time')}
        aria-valuetext={caption}
        min={firstMs}
        max={lastMs}
        step={250}
        value={timeMs}
        onInput={(event) => goTo(Number(event.currentTarget.value))}
      />
      <div class="actions">
        <button type="button" class="plain" disabled={at === 0} onClick={() => goTo(moments[at - 1]?.ms)}>
          {t('replay.back')}
        </button>
        <button type="button" class="main" onClick={play}>
          {t(playing ? 'replay.pause' : 'replay.play')}
        </button>
        <button
          type="button"
          class="plain"
          disabled={at >= moments.length - 1}
          onClick={() => goTo(moments[at + 1]?.ms)}
        >
          {t('replay.forward')}
        </button>
        <button type="button" class="plain" onClick={() => goTo(fallMoment(moments)?.ms)}>
          {t('replay.to_fall')}
        </button>
        <label>
          {t('replay.speed')}{' '}
          <select value={speed} onChange={(event) => setSpeed(Number(event.currentTarget.value))}>
            {speeds.map((one) => (
              <option key={one} value={one}>
                {one}×
              </option>
            ))}
          </select>
        </label>
      </div>
      <p class="quiet">
        {moments.length === 1 ? t('replay.note.1') : t('replay.note.n', { n: moments.length })}
        {replay.complete ? null : <StillObserved fallAt={replay.fall_at} />}
      </p>
    </div>
  );
}

/** Until the time after the fall is over. A replay may stay incomplete: its processor was stopped. */
function StillObserved({ fallAt }: { readonly fallAt: string }): JSX.Element | null {
  const { t } = usePage();
  const now = useNow();
  return now < Date.parse(fallAt) + observedForMs ? <> {t('replay.incomplete')}</> : null;
}

/** One stroke per observed moment, the fall as a tall line, and where the replay is. */
function ReplayTrack({ replay, timeMs }: { readonly replay: Replay; readonly timeMs: number }): JSX.Element {
  const { moments } = replay;
  const [firstMs, lastMs] = [moments[0]?.ms ?? 0, moments.at(-1)?.ms ?? 0];
  const x = (ms: number): number => (lastMs === firstMs ? 500 : ((ms - firstMs) / (lastMs - firstMs)) * 980 + 10);
  return (
    <svg class="replay-track" viewBox="0 0 1000 40" preserveAspectRatio="none" aria-hidden="true">
      {moments.map(({ ms }) => (
        <line key={ms} x1={x(ms)} x2={x(ms)} y1="20" y2="34" class="replay-tick" />
      ))}
      {firstMs <= 0 && lastMs >= 0 ? <line x1={x(0)} x2={x(0)} y1="0" y2="40" class="replay-fall" /> : null}
      <line x1={x(timeMs)} x2={x(timeMs)} y1="8" y2="40" class="replay-now" />
    </svg>
  );
}

/** The first moment that was observed at or after the fall, or else the last one. */
function fallMoment(moments: readonly ReplayMoment[]): ReplayMoment | undefined {
  return moments.find(({ ms }) => ms >= 0) ?? moments.at(-1);
}

function captionOf(t: Texts, language: Language, { ms, people }: ReplayMoment): string {
  const seconds = oneDigit(language, Math.abs(ms) / 1000);
  const time = ms === 0 ? t('replay.at') : t(ms < 0 ? 'replay.before' : 'replay.after', { seconds });
  const seen = people.map(({ posture = 'unsure' }) => t(`posture.${posture}`)).join(', ');
  return `${time}: ${seen === '' ? t('replay.empty') : seen}`;
}
