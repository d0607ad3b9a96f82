import { chmod, writeFile } from 'node:fs/promises';
import { captureLogger, ffmpegPath, requires, type TempFolder, tempFolder } from '@vigilia/testing';
import { decoderPresets, presetArgs, workingPreset } from './decoder-preset.ts';
import { checkInputArgs } from './input-args.ts';

test.each(decoderPresets)('the arguments of %s are among those that a room may have', (preset) => {
  expect(checkInputArgs(presetArgs[preset])).toBe(presetArgs[preset]);
});

requires('ffmpeg')('the probe of a decoder', () => {
  let folder: TempFolder;
  beforeAll(async () => {
    folder = await tempFolder('decoder');
  });
  afterAll(() => folder.remove());

  it.each(['vaapi', 'qsv', 'cuda', 'v4l2m2m'] as const)(
    'shows with ffmpeg itself whether %s works here; where it does not, rooms are decoded on the CPU and the log states why',
    async (preset) => {
      const { logger, lines } = captureLogger();
      const used = await workingPreset({ ffmpeg: ffmpegPath() ?? '', preset, logger });
      const [line] = lines;
      if (used === preset) {
        expect(line).toMatchObject({ event: 'decoder_ready', decoder: preset });
      } else {
        expect(used).toBe('cpu');
        expect(line).toMatchObject({ event: 'decoder_unavailable', decoder: preset });
        expect(String(line?.reason).length).toBeGreaterThan(5);
      }
    },
  );

  it('takes the file that it decodes from the package: without a device the same ffmpeg decodes it', async () => {
    // plays an ffmpeg that has the device: it leaves out what asks for one
    const program = folder.file('ffmpeg');
    await writeFile(
      program,
      `#!/bin/bash\nargs=()\nwhile [ $# -gt 0 ]; do case "$1" in -hwaccel*|-vf) shift 2;; *) args+=("$1"); shift;; esac; done\nexec ${ffmpegPath()} "\${args[@]}"\n`,
    );
    await chmod(program, 0o755);
    const { logger, lines } = captureLogger();
    expect(await workingPreset({ ffmpeg: program, preset: 'vaapi', logger })).toBe('vaapi');
    expect(lines[0]).toMatchObject({ event: 'decoder_ready' });
  });
});
