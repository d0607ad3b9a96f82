import { useEffect } from 'preact/hooks';

/** Keeps the screen on while the view is shown. A browser releases the lock when the page is hidden: it is taken again afterwards. */
export function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    let ended = false;
    const take = async (): Promise<void> => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
      const taken = await navigator.wakeLock.request('screen');
      if (ended) await taken.release();
      else lock = taken;
    };
    // A browser may refuse, for example on a low battery; the view works without.
    const tryToTake = (): void => void take().catch(() => undefined);
    tryToTake();
    document.addEventListener('visibilitychange', tryToTake);
    return () => {
      ended = true;
      document.removeEventListener('visibilitychange', tryToTake);
      void lock?.release().catch(() => undefined);
    };
  }, []);
}
