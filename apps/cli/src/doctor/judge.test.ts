import { judgeClock } from './check-clock.ts';
import { checkMemory, judgeDisk } from './check-machine.ts';
import { describeFinding } from './finding.ts';
import { judgeStream, type StreamSeen } from './judge-stream.ts';

/** A picture of one grey in a square frame, as a processor gets it. */
function seen(change: {
  grey?: number;
  source?: { width: number; height: number };
  intervalMs?: number | undefined;
}): StreamSeen {
  const { grey = 120, source = { width: 640, height: 360 } } = change;
  const frame = { data: Buffer.alloc(32 * 32 * 3, grey), width: 32, height: 32, source };
  const intervalMs = 'intervalMs' in change ? change.intervalMs : 1000;
  return { frame, facts: { codec: 'h264', fps: 10 }, intervalMs };
}

describe('what the doctor says of a camera', () => {
  it('is nothing but figures where all is well', () => {
    const finding = judgeStream('room 4', seen({}));
    expect(finding).toMatchObject({
      result: 'ok',
      figures: { keyframe_interval_ms: 1000, keyframe_fps: 1, codec: 'h264' },
    });
    expect(finding.detail).toContain('cheap up to 1 frames a second');
    expect(describeFinding(finding)).not.toContain('→');
  });

  it.each([
    ['a dark picture', { grey: 10 }, 'infrared'],
    ['keyframes far apart', { intervalMs: 5000 }, 'keyframe'],
    ['no second keyframe', { intervalMs: undefined }, 'keyframe'],
    ['a small picture', { source: { width: 320, height: 180 } }, 'larger of the camera'],
  ])('is a warning with its remedy for %s', (_, change, remedy) => {
    const finding = judgeStream('room 4', seen(change));
    expect(finding).toMatchObject({ result: 'warning', remedy: expect.stringContaining(remedy) });
    expect(describeFinding(finding)).toContain(`→ ${finding.remedy}`);
  });

  it('tells how often keyframes come, which is the cheap rate, also below one a second', () => {
    expect(judgeStream('room 4', seen({ intervalMs: 4000 }))).toMatchObject({
      result: 'ok',
      figures: { keyframe_fps: 0.25 },
    });
  });

  it('leaves out what the camera does not tell, and does not count the bars above and below as darkness', () => {
    const { facts: _facts, ...rest } = seen({ source: { width: 640, height: 240 } });
    rest.frame.data.fill(0, 0, 10 * 32 * 3);
    rest.frame.data.fill(0, 22 * 32 * 3);
    const finding = judgeStream('room 4', { ...rest, facts: undefined });
    expect(finding).toMatchObject({ result: 'ok', figures: { brightness: 120 } });
    expect(finding.figures).not.toHaveProperty('codec');
  });
});

describe('what the doctor says of the machine', () => {
  it.each([
    [4.9e9, 'warning'],
    [5e9, 'ok'],
  ])('%d bytes on the disk: %s', (bytes, result) => {
    expect(judgeDisk('/data', bytes)).toMatchObject({ result, figures: { free_gb: bytes / 1e9 } });
  });

  it.each([
    [undefined, 'skipped', 'no service of the house was heard'],
    [1999, 'ok', 'within 2.0 s'],
    [-2000, 'ok', 'within 2.0 s'],
    [2500, 'warning', '2.5 s ahead of'],
    [-90_000, 'warning', '90.0 s behind'],
  ])('a clock that is %s ms off: %s', (skewMs, result, detail) => {
    expect(judgeClock(skewMs)).toMatchObject({ result, detail: expect.stringContaining(detail) });
  });

  it('memory, in gigabytes', () => {
    expect(Number(checkMemory().figures?.total_gb)).toBeGreaterThan(0.1);
  });
});
