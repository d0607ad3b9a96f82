import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyRooms, policySchema, zonesSchema } from '@vigilia/protocol';
import { parse } from 'yaml';

const demo = new URL('../demo/', import.meta.url).pathname;
const written = parse(readFileSync(join(demo, 'demo.yaml'), 'utf8'));
const policy = policySchema.parse(written);

test('the demo policy gives rooms 0–3 to processor-a and 4–7 to processor-b', () => {
  expect(policyRooms(policy)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  const homes = Object.values(policy.rooms).map(({ home }) => home);
  expect(homes).toEqual([...Array(4).fill('processor-a'), ...Array(4).fill('processor-b')]);
});

test('each room, the spare ones too, has a clip, a name with its number and a bed', () => {
  const rooms = Object.entries({ ...written.rooms, ...written['x-spare-rooms'] });
  expect(rooms.map(([room]) => Number(room))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  for (const [room, { name, zones }] of rooms as [string, { name: string; zones: unknown }][]) {
    expect(existsSync(join(demo, `rooms/${room}.mp4`))).toBe(true);
    expect(name).toMatch(new RegExp(`^Room ${room} · `));
    expect(zonesSchema.parse(zones).filter(({ kind }) => kind === 'bed')).toHaveLength(1);
  }
});

test('no field of the demo policy is misspelt: what is written is what is read', () => {
  const { 'x-spare-rooms': _, ...fields } = written;
  expect(policy).toMatchObject(fields);
});
