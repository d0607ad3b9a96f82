import { PacketLines } from './packet-lines.ts';

test('each packet is reported once with its kind, however the lines are cut', () => {
  const keys: boolean[] = [];
  const lines = new PacketLines({ onPacket: (key) => keys.push(key) });
  const text =
    '#software: Lavf59.27.100\n#dimensions 0: 640x360\n' +
    '0,      18043,      18043,     9000,    19822, 0x3b135efc\n' +
    '0,      27010,      27010,     9000,     8531, 0x33036d73, F=0x0\n' +
    '0,      36018,      36018,     9000,    15208, 0x2b41c657, F=0x3, S=1, 8\n';
  lines.push(text.slice(0, 90));
  lines.push(text.slice(90));
  expect(keys).toEqual([true, false, true]);
});

test('a line without end is not kept', () => {
  const keys: boolean[] = [];
  const lines = new PacketLines({ onPacket: (key) => keys.push(key) });
  lines.push(`0, ${'1'.repeat(5000)}`);
  lines.push('\n0, 1, 1, 1, 1, 0x1\n');
  expect(keys).toEqual([true]);
});
