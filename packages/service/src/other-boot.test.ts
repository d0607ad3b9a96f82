import { OtherBootDetector } from './other-boot.ts';

const startedAtMs = Date.UTC(2026, 0, 1);
const at = (offsetMs: number): string => new Date(startedAtMs + offsetMs).toISOString();
const own = { boot_id: 'own', status: 'running', timestamp: at(10) };
const other = { boot_id: 'other', status: 'running', timestamp: at(1000) };

describe('whether another process lives under our name', () => {
  test('a live status of another boot proves it, whatever its clock shows', () => {
    const detector = new OtherBootDetector('own', startedAtMs);
    expect(detector.isProof(own, false)).toBe(false);
    expect(detector.isProof({ ...other, timestamp: at(-3_600_000) }, false)).toBe(true);
  });

  test('the last will and the farewell of an earlier start prove nothing', () => {
    const detector = new OtherBootDetector('own', startedAtMs);
    detector.isProof(own, false);
    expect(detector.isProof({ ...other, status: 'offline', timestamp: at(-1) }, false)).toBe(false);
    expect(detector.isProof({ ...other, status: 'stopping', timestamp: at(-1) }, false)).toBe(false);
  });

  test('the last will of a process that started later proves it: the older one gives way, the newer one stays', () => {
    const [older, newer] = [
      new OtherBootDetector('older', startedAtMs),
      new OtherBootDetector('newer', startedAtMs + 60_000),
    ];
    older.isProof({ boot_id: 'older', status: 'running', timestamp: at(10) }, false);
    newer.isProof({ boot_id: 'newer', status: 'running', timestamp: at(60_010) }, false);
    const will = (boot_id: string, offsetMs: number) => ({ boot_id, status: 'offline', timestamp: at(offsetMs) });
    expect(older.isProof(will('newer', 60_001), true)).toBe(true);
    expect(newer.isProof(will('older', 1), true)).toBe(false);
  });

  test('a retained status proves it only when it replaced ours', () => {
    const detector = new OtherBootDetector('own', startedAtMs);
    expect(detector.isProof(other, true)).toBe(false);
    detector.isProof(own, true);
    expect(detector.isProof(other, true)).toBe(true);
  });

  test('a broker that restarts with an old memory shows an earlier start of ours, which proves nothing', () => {
    const detector = new OtherBootDetector('own', startedAtMs);
    detector.isProof(own, false);
    expect(detector.isProof({ ...other, timestamp: at(-1) }, true)).toBe(false);
  });

  test('a status without a boot id proves nothing', () => {
    const detector = new OtherBootDetector('own', startedAtMs);
    expect(detector.isProof({ status: 'running', timestamp: at(1) }, false)).toBe(false);
  });
});
