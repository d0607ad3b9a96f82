import type { ProcessorView } from '../../shared/view.ts';
import { affectedRooms } from './careful-commands.ts';

function processor(id: string, rooms: readonly number[], more: Partial<ProcessorView> = {}): ProcessorView {
  const streams = rooms.map((room) => ({ id: room, modelId: 'm', maxFps: 0.1, state: 'watching' as const }));
  return { id, role: 'home', status: 'running', at: '', control: true, rooms: streams, ...more };
}

it('names the rooms of those who would obey: a broadcast reaches no dedicated processor and none that is offline', () => {
  const all = [
    processor('a', [3, 1]),
    processor('b', [4]),
    processor('a_1', [2], { role: 'dedicated' }),
    processor('c', [9], { status: 'offline' }),
  ];
  expect(affectedRooms(all, '*', undefined)).toEqual([1, 3, 4]);
  expect(affectedRooms(all, 'a_1', undefined)).toEqual([2]);
  expect(affectedRooms(all, '*', 3)).toEqual([3]);
  expect(affectedRooms(all, 'b', 3)).toEqual([]);
});
