import { OtherBootDetector, type OwnNameStatus } from './other-boot.ts';

const own: OwnNameStatus = { bootId: 'own', status: 'running', startedAt: 1000, mayBeOld: false };
const live = (startedAt: number, change: Partial<OwnNameStatus> = {}): OwnNameStatus => ({
  bootId: 'other',
  status: 'running',
  startedAt,
  mayBeOld: false,
  ...change,
});

describe('whether another process lives under our name', () => {
  test('a live status of another boot proves it, whatever its clock shows', () => {
    const detector = new OtherBootDetector('own', 1000);
    expect(detector.isProof(own)).toBe(false);
    expect(detector.isProof(live(5))).toBe(true);
  });

  test('the last will and the farewell of an earlier start prove nothing', () => {
    const detector = new OtherBootDetector('own', 1000);
    detector.isProof(own);
    expect(detector.isProof(live(999, { status: 'offline' }))).toBe(false);
    expect(detector.isProof(live(999, { status: 'stopping' }))).toBe(false);
  });

  test.each(['running', 'offline'])(
    'of two processes that read each other’s retained "%s" only the older gives way',
    (status) => {
      const [older, newer] = [new OtherBootDetector('older', 1000), new OtherBootDetector('newer', 2000)];
      older.isProof({ ...own, bootId: 'older' });
      newer.isProof({ ...own, bootId: 'newer' });
      expect(older.isProof({ bootId: 'newer', status, startedAt: 2000, mayBeOld: true })).toBe(true);
      expect(newer.isProof({ bootId: 'older', status, startedAt: 1000, mayBeOld: true })).toBe(false);
    },
  );

  test('a retained status that was there before our own proves nothing, also when a clock went back', () => {
    const detector = new OtherBootDetector('own', 1000);
    expect(detector.isProof(live(5000, { mayBeOld: true }))).toBe(false);
  });

  test('a broker that restarts with an old memory shows an earlier start of this service, which proves nothing', () => {
    const detector = new OtherBootDetector('own', 1000);
    detector.isProof(own);
    expect(detector.isProof(live(999, { mayBeOld: true }))).toBe(false);
  });

  test('a status without a boot id proves nothing', () => {
    expect(new OtherBootDetector('own', 1000).isProof(live(5000, { bootId: undefined }))).toBe(false);
  });
});
