import type { ProcessorConfig, RoomConfig } from '../config/processor-config.ts';
import { RoomsOfFlags } from './rooms-of-flags.ts';

const room = (sourceId: number, maxFps = 0.1, modelId = 'light') => ({ sourceId, maxFps, modelId }) as RoomConfig;
const config = (...rooms: RoomConfig[]) => ({ rooms }) as unknown as ProcessorConfig;

test('a room goes by the flags while others are told, added and removed', () => {
  const rooms = new RoomsOfFlags([room(0), room(1)]);
  rooms.obeyed(config(room(0), room(1, 0.5), room(4)));
  expect([0, 1, 4].map((one) => rooms.has(one))).toEqual([true, false, false]);
});

test.each([
  ['rate', room(0, 0.5)],
  ['model', room(0, 0.1, 'precise')],
  ['removal', undefined],
])('a %s that it was told is meant, also once it is as before', (_, told) => {
  const rooms = new RoomsOfFlags([room(0)]);
  rooms.obeyed(config(...(told ? [told] : [])));
  rooms.obeyed(config(room(0)));
  expect(rooms.has(0)).toBe(false);
});
