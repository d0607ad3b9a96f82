import { PacketLines } from './packet-lines.ts';

test('each packet is reported once with its kind, however the lines are cut', () => {
  const keys: boolean[] = [];
  const lines = new PacketLines({ onPacket: ({ key }) => keys.push(key) });
  const text =
    '#software: Lavf59.27.100\n#dimensions 0: 640x360\n' +
    '0,      18043,      18043,     9000,    19822, 0x3b135efc\n' +
    '0,      27010,      27010,     9000,     8531, 0x33036d73, F=0x0\n' +
    '0,      36018,      36018,     9000,    15208, 0x2b41c657, F=0x3, S=1, 8\n';
  lines.push(text.slice(0, 90));
  lines.push(text.slice(90));
  expect(keys).toEqual([true, false, true]);
});

test('the track is described before its first packet, and each packet with its size', () => {
  const sizes: number[] = [];
  const tracks: unknown[] = [];
  const lines: PacketLines = new PacketLines({
    onPacket: ({ bytes }) => {
      sizes.push(bytes);
      tracks.push(lines.track);
    },
  });
  lines.push('#extradata 0:       47, 0x39470f69\n#tb 0: 1/10240\n#media_type 0: video\n#codec_id 0: h264\n');
  lines.push('#dimensions 0: 352x288\n#sar 0: 16/11\n0,      -2048,          0,     1024,    28987, 0x5b11239b\n');
  expect(sizes).toEqual([28_987]);
  expect(tracks).toEqual([{ codec: 'h264', width: 352, height: 288, sar: '16/11' }]);
});

test('a line without end is not kept', () => {
  const keys: boolean[] = [];
  const lines = new PacketLines({ onPacket: ({ key }) => keys.push(key) });
  lines.push(`0, ${'1'.repeat(5000)}`);
  lines.push('\n0, 1, 1, 1, 1, 0x1\n');
  expect(keys).toEqual([true]);
});
