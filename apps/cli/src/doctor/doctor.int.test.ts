import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Finding } from '@vigilia/protocol';
import {
  ffmpegPath,
  makeClip,
  makeCodedVideo,
  repoRoot,
  requires,
  startFaultyCamera,
  type TempFolder,
  tempFolder,
  testData,
} from '@vigilia/testing';
import { checkRoom } from './check-room.ts';
import { PeopleFinder } from './people-finder.ts';
import type { RoomToCheck } from './room-survey.ts';

const scene = join(repoRoot, 'demo', 'stills', 'still-standing.png');
/** The scene at a fifth of its size in front of a test pattern. */
const farAway = 'testsrc2=size=640x360:rate=10:duration=10[b];[in]scale=128:72[p];[b][p]overlay=256:144:shortest=1';
/** The whole picture is marked as a bed, so that no bed of the scene is left to be named. */
const zones: RoomToCheck['zones'] = [
  {
    kind: 'bed',
    points: [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ],
  },
];
const codes = (findings: readonly Finding[]) => findings.flatMap(({ code }) => code ?? []);

requires('ffmpeg')('the doctor looks at a camera', () => {
  let folder: TempFolder;
  const room = (address: string): RoomToCheck => ({
    sourceId: 4,
    address,
    view: { aspect: undefined, rotate: 0 },
    maxFps: 0.1,
    zones: undefined,
    settingsKnown: false,
  });
  const at = (name: string) => room(`file://${folder.file(name)}`);

  beforeAll(async () => {
    folder = await tempFolder('doctor');
  });
  afterAll(() => folder.remove());

  /** The rendered room with a standing person, filmed through the filter: 10 frames and a keyframe per second. */
  async function film(name: string, filter: string, picture = scene): Promise<RoomToCheck> {
    const rate = 10;
    const input = ['-loop', '1', '-framerate', String(rate), '-t', '10', '-i', picture];
    const coder = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', String(rate), '-bf', '0', '-pix_fmt', 'yuv420p'];
    const args = ['-nostdin', '-v', 'error', ...input, '-vf', `${filter},format=yuv420p`, ...coder, folder.file(name)];
    await promisify(execFile)(ffmpegPath() ?? '', args);
    return at(name);
  }

  test('picture size, rate and keyframe interval are measured as a processor meets them', async () => {
    const file = folder.file('good.mp4');
    await makeClip({ file, size: '640x480', fps: 10, seconds: 6, gop: 10, pattern: 'testsrc2' });
    const [finding, ...more] = await checkRoom(at('good.mp4'), { mediaDir: folder.path });
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ result: 'ok', figures: { width: 640, height: 480, codec: 'h264' } });
    const { keyframe_interval_ms: interval, stream_fps: rate } = finding?.figures ?? {};
    expect(Number(interval)).toBeGreaterThan(250);
    expect(Number(interval)).toBeLessThan(4000);
    expect(Math.abs(Number(rate) - 10)).toBeLessThan(1.5);
  });

  test.each([
    ['no light', 'lutyuv=y=17:u=128:v=128,noise=alls=6:allf=t', 'picture_dark'],
    ['a cloth over the lens', "boxblur=40:5,lutyuv=y='40+val/6',noise=alls=5:allf=t", 'picture_covered'],
    ['11:9 without a flag', 'scale=352:288,setsar=1', 'picture_squeezed'],
  ])('%s is named', async (name, filter, code) => {
    const filmed = await film(`${name.replaceAll(/\W/g, '-')}.mp4`, filter);
    expect(codes(await checkRoom(filmed, { mediaDir: folder.path }))).toEqual([code]);
  });

  test('11:9 that is flagged as 16:9 is read in square pixels and needs no advice', async () => {
    const filmed = await film('flagged.mp4', 'scale=352:288,setsar=16/11');
    const [finding, ...more] = await checkRoom(filmed, { mediaDir: folder.path });
    expect(more).toEqual([]);
    expect(finding?.detail).toContain('352 × 288 shown as 512 × 288');
  });

  test('a camera of one frame per second with a keyframe every 10 s is named for both', async () => {
    const file = folder.file('slow.h264');
    await makeCodedVideo({ file, fps: 1, seconds: 60, encoder: 'keyint=10:min-keyint=10:bframes=0', size: '640x360' });
    const camera = await startFaultyCamera({ file, fps: 1, offsetSeconds: 8 });
    try {
      const findings = await checkRoom(room(camera.url), { mediaDir: undefined });
      expect(codes(findings)).toEqual(['keyframes_rare', 'frame_rate_low']);
      expect(Math.abs(Number(findings[0]?.figures?.stream_fps) - 1)).toBeLessThan(0.3);
    } finally {
      await camera.stop();
    }
  });

  test('a camera with a keyframe every 25 s is waited for', async () => {
    const file = folder.file('long.h264');
    await makeCodedVideo({
      file,
      fps: 10,
      seconds: 50,
      encoder: 'keyint=250:min-keyint=250:bframes=0',
      size: '640x360',
    });
    const camera = await startFaultyCamera({ file, fps: 10, offsetSeconds: 3 });
    try {
      expect(codes(await checkRoom(room(camera.url), { mediaDir: undefined }))).toEqual(['keyframes_rare']);
    } finally {
      await camera.stop();
    }
  });

  test('a camera that is not there fails, and its password is not shown', async () => {
    const [finding] = await checkRoom(room('rtsp://nurse:geheim@127.0.0.1:1/4'), {
      mediaDir: undefined,
      limitMs: 4000,
    });
    expect(finding).toMatchObject({ result: 'failed', code: 'stream_unreachable' });
    expect(JSON.stringify(finding)).not.toContain('geheim');
    expect(finding?.remedy).toContain('go2rtc');
  });

  requires('data')('with a model', () => {
    let people: PeopleFinder;
    beforeAll(() => {
      people = new PeopleFinder({ modelsDir: testData('models'), modelId: 'yolov11n-640' });
    });
    afterAll(() => people.stop());

    test.each([
      ['upright', 'null', []],
      ['on its side', 'transpose=clock', ['picture_turned']],
      ['upside down', 'hflip,vflip', ['picture_turned']],
      ['far away', farAway, ['person_too_small']],
      ['squeezed to half its width', 'scale=320:360,setsar=2,setsar=1', ['picture_squeezed', 'picture_squeezed']],
    ])('a person who stands in a picture that is %s', async (name, filter, expected) => {
      const filmed = await film(`person-${name.replaceAll(' ', '-')}.mp4`, filter);
      expect(codes(await checkRoom({ ...filmed, zones }, { mediaDir: folder.path, people }))).toEqual(expected);
    });

    test('a bed that no zone marks is named', async () => {
      const findings = await checkRoom(await film('bed.mp4', 'null'), { mediaDir: folder.path, people });
      expect(codes(findings)).toEqual(['bed_zone_missing']);
      expect(findings[1]?.remedy).toContain('vigilia zones set 4 --zone "bed:0.');
    });

    test('a person who lies on her side because the camera does gets the rotation that puts her upright', async () => {
      const findings = await checkRoom(await film('side.mp4', 'transpose=clock'), { mediaDir: folder.path, people });
      expect(findings[1]?.remedy).toContain('vigilia send set_camera --param source_id=4 --param rotate=270');
      const view = { aspect: undefined, rotate: 270 } as const;
      const corrected = { ...at('side.mp4'), view, zones };
      expect(codes(await checkRoom(corrected, { mediaDir: folder.path, people }))).toEqual([]);
    });
  });

  requires('model')('with the embedded model, whose input follows the camera', () => {
    let people: PeopleFinder;
    beforeAll(() => {
      people = new PeopleFinder({ modelsDir: join(repoRoot, '.cache', 'vigilia', 'models'), modelId: 'movenet' });
    });
    afterAll(() => people.stop());

    test.each([
      ['upright', 'null', []],
      ['on its side', 'transpose=clock', ['picture_turned']],
      ['on its other side', 'transpose=cclock', ['picture_turned']],
    ])('a person who stands in a picture that is %s', async (name, filter, expected) => {
      const filmed = await film(`movenet-${name.replaceAll(/\W/g, '-')}.mp4`, filter);
      expect(codes(await checkRoom({ ...filmed, zones }, { mediaDir: folder.path, people }))).toEqual(expected);
    });

    requires('data')('in recordings of real people', () => {
      /** One frame of a clip in which a person stands. */
      async function frameOf(clip: string, second: number): Promise<string> {
        const file = folder.file(`${clip.replaceAll(/\W/g, '-')}.png`);
        const args = ['-y', '-v', 'error', '-ss', String(second), '-i', testData(clip), '-frames:v', '1', file];
        await promisify(execFile)(ffmpegPath() ?? '', args);
        return file;
      }
      const clips: [string, number, number][] = [
        ['clips/urfd/fall-01.mp4', 1, 0.3],
        ['clips/gmdcsa24/Subject_1_ADL_10.mp4', 3, 0.22],
      ];

      test.each(clips)(
        'an upside-down camera is named with the rotation that corrects it: %s',
        async (clip, second) => {
          const picture = await frameOf(clip, second);
          const filmed = await film(`upside-down-${second}.mp4`, 'scale=640:-2,hflip,vflip', picture);
          const findings = await checkRoom({ ...filmed, zones }, { mediaDir: folder.path, people });
          const turned = findings.find(({ code }) => code === 'picture_turned');
          expect(turned?.remedy).toContain('rotate=180');
          const view = { aspect: undefined, rotate: 180 } as const;
          expect(codes(await checkRoom({ ...filmed, zones, view }, { mediaDir: folder.path, people }))).toEqual([]);
        },
      );

      test.each(clips)('a person of 30 to 36 pixels is named too small: %s', async (clip, second, share) => {
        const far = `scale=640:-2,scale=iw*${share}:-2,pad=640:2*trunc(ih/${share}/2):(ow-iw)/2:(oh-ih)/2:gray`;
        const filmed = await film(`far-${second}.mp4`, far, await frameOf(clip, second));
        const findings = await checkRoom({ ...filmed, zones }, { mediaDir: folder.path, people });
        expect(codes(findings)).toEqual(['person_too_small']);
        const height = Number(findings[1]?.figures?.person_height_px);
        expect(height).toBeGreaterThanOrEqual(28);
        expect(height).toBeLessThan(40);
      });
    });
  });
});

requires('ffmpeg', 'model')('vigilia doctor', () => {
  test('ends with code 1 and the remedy when the broker is unreachable, as JSON too', async () => {
    const args = [join(repoRoot, 'apps/cli/dist/main.js'), 'doctor', '--json', '--mqtt-url', 'mqtt://127.0.0.1:1'];
    const { code, findings } = await new Promise<{ code: unknown; findings: { check: string; result: string }[] }>(
      (resolve) => {
        execFile(process.execPath, args, (error, stdout) =>
          resolve({ code: error?.code ?? 0, findings: JSON.parse(stdout) }),
        );
      },
    );
    expect(code).toBe(1);
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: 'broker',
        result: 'failed',
        code: 'broker_unreachable',
        remedy: expect.any(String),
      }),
    );
    expect(findings).toContainEqual(expect.objectContaining({ check: 'ffmpeg', result: 'ok' }));
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: 'model',
        result: 'ok',
        figures: expect.objectContaining({ rooms: expect.any(Number) }),
      }),
    );
  });
});
