import { useEffect } from 'preact/hooks';

/**
 * Keeps the screen on as long as the page is visible: a browser drops the lock of a hidden page, so it is requested again.
 * Without a secure address, or on a device that saves its battery, the screen may still go dark.
 * @returns ends it
 */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | undefined;
  let ended = false;
  const request = async (): Promise<void> => {
    if (ended || document.visibilityState !== 'visible' || lock?.released === false) return;
    if (!('wakeLock' in navigator)) return;
    lock = await navigator.wakeLock.request('screen').catch(() => undefined);
    lock?.addEventListener('release', () => void request());
    if (ended) {
      await lock?.release();
    }
  };
  const onVisible = (): void => void request();
  document.addEventListener('visibilitychange', onVisible);
  void request();
  return () => {
    ended = true;
    document.removeEventListener('visibilitychange', onVisible);
    void lock?.release();
  };
}

/** Keeps the screen of a station display on while the view is shown. */
export function useKeepAwake(): void {
  useEffect(() => keepAwake(), []);
}
