import type { Finding } from '@vigilia/protocol';
import type { CameraSurvey, CameraToCheck } from './camera-survey.ts';
import { describeCamera, judgeCamera } from './judge-camera.ts';

const usualCamera: CameraToCheck = {
  sourceId: 4,
  address: 'rtsp://camera/4',
  view: { aspect: undefined, rotate: 0 },
  maxFps: 0.1,
};
const usualLook: CameraSurvey = {
  facts: { codec: 'h264', fps: 10 },
  encoded: { width: 640, height: 360, sar: 1 },
  displayed: { width: 640, height: 360 },
  keyframeIntervalMs: 1000,
  fps: 10,
  qualities: [{ brightness: 120, structure: 60, noise: 1 }],
};

function camera(change: Partial<CameraSurvey>, room: Partial<CameraToCheck> = {}): readonly Finding[] {
  const [checked, survey] = [
    { ...usualCamera, ...room },
    { ...usualLook, ...change },
  ];
  return [describeCamera('room 4', survey), ...judgeCamera('room 4', checked, survey)];
}

const codes = (findings: readonly Finding[]) => findings.flatMap(({ code }) => code ?? []);

describe('the camera of a room', () => {
  test('that is good has figures and no advice', () => {
    const findings = camera({});
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      check: 'room 4',
      result: 'ok',
      figures: { codec: 'h264', keyframe_interval_ms: 1000, keyframe_fps: 1, stream_fps: 10, brightness: 120 },
    });
    expect(findings[0]?.detail).toContain('cheap up to 1 frames per second');
  });

  test.each<[string, Partial<CameraSurvey>, string, string]>([
    ['shows darkness', { qualities: [{ brightness: 10, structure: 1, noise: 2 }] }, 'picture_dark', 'infrared'],
    ['shows a cover', { qualities: [{ brightness: 90, structure: 1, noise: 2 }] }, 'picture_covered', 'lens'],
    ['sends keyframes far apart', { keyframeIntervalMs: 5000 }, 'keyframes_rare', 'GOP) of the camera to 2 s'],
    ['sends no second keyframe', { keyframeIntervalMs: undefined }, 'keyframes_rare', '(20 frames at this rate)'],
    ['sends none that stands alone', { keyframeIntervalMs: Number.POSITIVE_INFINITY }, 'keyframes_rare', 'open GOP'],
    ['sends a small picture', { encoded: { width: 320, height: 180, sar: 1 } }, 'picture_small', 'go2rtc.yaml'],
    ['sends one frame per second', { fps: 1 }, 'frame_rate_low', 'to 5 or more'],
    ['squeezes its picture', { encoded: { width: 352, height: 288, sar: 1 } }, 'picture_squeezed', 'aspect=11:9'],
    ['flags a shape without sense', { encoded: { width: 640, height: 480, sar: 2 } }, 'picture_squeezed', 'aspect=8:3'],
  ])('that %s gets a warning with the setting that helps', (_, change, code, remedy) => {
    const [, ...findings] = camera(change);
    expect(codes(findings)).toEqual([code]);
    expect(findings[0]).toMatchObject({ result: 'warning', remedy: expect.stringContaining(remedy) });
  });

  test.each([
    ['16:9', { width: 352, height: 288, sar: 16 / 11 }],
    ['4:3 in 11:9', { width: 704, height: 576, sar: 12 / 11 }],
    ['16:9 in whole blocks', { width: 640, height: 368, sar: 1 }],
    ['9:16', { width: 720, height: 1280, sar: 1 }],
  ])('is not called squeezed where it shows %s', (_, encoded) => {
    expect(codes(camera({ encoded }))).toEqual([]);
  });

  test('is not called squeezed once a person has set its aspect', () => {
    const view = { aspect: 11 / 9, rotate: 0 as const };
    expect(codes(camera({ encoded: { width: 352, height: 288, sar: 1 } }, { view }))).toEqual([]);
  });

  test('is dark or covered only where no frame shows anything', () => {
    const qualities = [{ brightness: 10, structure: 1, noise: 2 }, ...usualLook.qualities];
    expect(codes(camera({ qualities }))).toEqual([]);
  });

  test('has to send as many frames as the room is analysed at', () => {
    const [, finding] = camera({ fps: 3 }, { maxFps: 5 });
    expect(finding).toMatchObject({ code: 'frame_rate_low', remedy: expect.stringContaining('set_fps') });
    expect(codes(camera({ fps: 1.9 }))).toEqual([]);
  });
});
