import { useEffect, useRef, useState } from 'preact/hooks';

/** A time during which something was wrong, ms of one clock; `toMs` is undefined while it still is. */
export interface FaultInterval {
  readonly fromMs: number;
  readonly toMs: number | undefined;
}

/** What comes back at once is not worth a sound. */
const graceMs = 10_000;
/** What keeps coming and going is, when it was wrong for so much of the last minute. */
const windowMs = 60_000;
const wrongInWindowMs = 15_000;
/** What keeps coming and going has ended when it has been well for this long. */
const settledMs = 5000;
const checkMs = 500;

/** Returns whether something has been wrong for long enough to sound: without a break, or in parts of the last minute. */
export function isLasting(intervals: readonly FaultInterval[], nowMs: number): boolean {
  const last = intervals.at(-1);
  if (last === undefined) return false;
  if (last.toMs === undefined && nowMs - last.fromMs >= graceMs) return true;
  const recent = intervals.filter(({ toMs = nowMs }) => toMs > nowMs - windowMs);
  const wrongMs = recent.reduce((sum, { fromMs, toMs = nowMs }) => sum + toMs - Math.max(fromMs, nowMs - windowMs), 0);
  return recent.length > 1 && wrongMs >= wrongInWindowMs && nowMs - (last.toMs ?? nowMs) < settledMs;
}

/** Returns the spells after something has become wrong or well; those before the last minute are dropped. */
export function withChange(
  intervals: readonly FaultInterval[],
  wrong: boolean,
  nowMs: number,
): readonly FaultInterval[] {
  const kept = intervals.filter(({ toMs = nowMs }) => toMs > nowMs - windowMs);
  const last = kept.at(-1);
  const isOpen = last !== undefined && last.toMs === undefined;
  if (wrong) return isOpen ? kept : [...kept, { fromMs: nowMs, toMs: undefined }];
  return isOpen ? [...kept.slice(0, -1), { fromMs: last.fromMs, toMs: nowMs }] : kept;
}

/** Returns whether something that is wrong at times should sound now. */
export function useLasting(wrong: boolean): boolean {
  const intervals = useRef<readonly FaultInterval[]>([]);
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    intervals.current = withChange(intervals.current, wrong, performance.now());
    const check = (): void => setLasting(isLasting(intervals.current, performance.now()));
    check();
    const timer = setInterval(check, checkMs);
    return () => clearInterval(timer);
  }, [wrong]);
  return lasting;
}
