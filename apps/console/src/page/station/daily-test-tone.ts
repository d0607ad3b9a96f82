import { useEffect, useState } from 'preact/hooks';
import { usePage } from '../parts/context.ts';

/** When a ward is awake and people are there to hear it. */
const testHour = 10;
const lookEveryMs = 30_000;
const key = 'vigilia.tone';

/**
 * Plays the test tone once a day at ten o'clock, or at the first chance after it, where the page can be heard.
 * @returns when it was last played today or before, epoch ms; undefined: never on this device
 */
export function useDailyTestTone(): number | undefined {
  const { sound, settings } = usePage();
  const [playedMs, setPlayedMs] = useState(lastPlayed);
  const wanted = settings.sound === 'on';
  useEffect(() => {
    if (!wanted) return;
    const look = (): void => {
      const nowMs = Date.now();
      if (sound.state !== 'ready' || !testIsDue(nowMs, lastPlayed())) return;
      void sound.testTone();
      keepPlayed(nowMs);
      setPlayedMs(nowMs);
    };
    look();
    const timer = setInterval(look, lookEveryMs);
    const unlisten = sound.listen(look);
    return () => {
      clearInterval(timer);
      unlisten();
    };
  }, [sound, wanted]);
  return playedMs;
}

/** Returns whether ten o'clock has passed, in local time, since the tone was last played; also when it never was. */
export function testIsDue(nowMs: number, lastMs: number | undefined): boolean {
  const due = new Date(nowMs);
  due.setHours(testHour, 0, 0, 0);
  if (due.getTime() > nowMs) {
    due.setDate(due.getDate() - 1);
  }
  return lastMs === undefined || lastMs < due.getTime();
}

function lastPlayed(): number | undefined {
  try {
    const kept = Number(localStorage.getItem(key));
    return Number.isFinite(kept) && kept > 0 ? kept : undefined;
  } catch {
    return undefined;
  }
}

function keepPlayed(ms: number): void {
  try {
    localStorage.setItem(key, String(ms));
  } catch {
    // A browser that keeps nothing plays the tone again after a reload.
  }
}
