import { readFile } from 'node:fs/promises';
import { requires, type TempFolder, tempFolder } from '@vigilia/testing';
import fc from 'fast-check';
import { runFfmpeg } from '../ffmpeg.ts';
import { cutPackets } from './encode.ts';
import { PacketQuantiser } from './packet-quantiser.ts';

interface Variant {
  readonly codec: 'h264' | 'hevc';
  readonly name: string;
  readonly flags?: readonly string[];
  /** Of the encoder's own parameters. */
  readonly params?: string;
}

/** What cameras and encoders vary in the headers: entropy coding, references, weights, fields, B pictures, slices, parameter sets. */
const variants: readonly Variant[] = [
  { codec: 'h264', name: 'baseline', flags: ['-profile:v', 'baseline'] },
  { codec: 'h264', name: 'high', flags: ['-profile:v', 'high', '-bf', '3'] },
  { codec: 'h264', name: 'weighted', params: 'bframes=2:weightp=2:weightb=1:ref=8:b-pyramid=2' },
  { codec: 'h264', name: 'fields', flags: ['-flags', '+ildct+ilme'], params: 'tff=1' },
  { codec: 'h264', name: 'four slices', params: 'slices=4' },
  { codec: 'h264', name: 'full chroma', flags: ['-pix_fmt', 'yuv444p'] },
  { codec: 'hevc', name: 'usual' },
  { codec: 'hevc', name: 'one reference', params: 'bframes=0:ref=1' },
  { codec: 'hevc', name: 'weighted', params: 'weightp=1:weightb=1:ref=5:b-pyramid=1' },
  { codec: 'hevc', name: 'without in-loop filters', params: 'no-sao=1:no-deblock=1:no-temporal-mvp=1' },
];

requires('ffmpeg')('the quantiser that is read from the headers of packets', () => {
  let folder: TempFolder;
  beforeAll(async () => {
    folder = await tempFolder('quantiser');
  });
  afterAll(() => folder?.remove());

  const encoded = async ({ codec, name, flags = [], params }: Variant, quantiser: number): Promise<Buffer[]> => {
    const file = folder.file(`${name}-${quantiser}.${codec}`);
    const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=10:duration=3', '-vf', 'fade=out:5:20'];
    const [library, own, metadata] =
      codec === 'h264' ? ['libx264', '-x264-params', 'h264_metadata'] : ['libx265', '-x265-params', 'hevc_metadata'];
    const quiet = codec === 'hevc' ? 'log-level=none' : undefined;
    const wanted = [`qp=${quantiser}:ipratio=1:pbratio=1`, params, quiet].filter((one) => one !== undefined);
    const coding = ['-c:v', library, '-g', '10', ...flags, own, wanted.join(':'), '-bsf:v', `${metadata}=aud=insert`];
    const { code, text } = await runFfmpeg(['-y', '-v', 'error', ...source, ...coding, file]);
    expect([code, text]).toEqual([0, '']);
    return cutPackets(await readFile(file), codec);
  };

  test.each(variants)('is what the encoder was given: $codec, $name', async (variant) => {
    for (const quantiser of [18, 37]) {
      const reader = new PacketQuantiser(variant.codec);
      const found = (await encoded(variant, quantiser)).map((packet) => reader.take(packet)?.quantiser);
      expect(found.length).toBeGreaterThanOrEqual(30);
      expect(new Set(found)).toEqual(new Set([quantiser]));
    }
  });

  test('never is an error where a packet was damaged', async () => {
    for (const codec of ['h264', 'hevc'] as const) {
      const packets = await encoded({ codec, name: 'damaged' }, 30);
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 20 }), fc.nat(60), (changes, length) => {
          const reader = new PacketQuantiser(codec);
          for (const packet of packets.slice(0, 3)) {
            const damaged = Buffer.from(packet);
            for (const [at, value] of changes) {
              damaged[at] = value;
            }
            reader.take(damaged);
            reader.take(damaged.subarray(0, length));
          }
        }),
      );
    }
  });
});
