import type { ProcessorView } from '../../shared/view.ts';
import { consequenceOf, type PlannedCommand } from './consequence.ts';

const room = (id: number) => ({ id, modelId: 'light', maxFps: 0.1, state: 'watching' as const });
const processor = (id: string, rooms: readonly number[], more: Partial<ProcessorView> = {}): ProcessorView => ({
  id,
  role: 'home',
  status: 'running',
  at: '2026-01-01T00:00:00.000Z',
  control: true,
  rooms: rooms.map(room),
  ...more,
});
const processors = [
  processor('processor-a', [0, 1]),
  processor('processor-b', [3, 2]),
  processor('processor-a_1', [9], { role: 'dedicated' }),
  processor('processor-c', [8], { status: 'offline' }),
];
const judge = (name: string, params: object = {}, target = 'processor-a', to: PlannedCommand['to'] = 'processors') =>
  consequenceOf({ to, name, params: { ...params }, target }, processors);

describe('commands that end monitoring', () => {
  it.each([
    ['stop', {}, 'processor-a', 'stop', [0, 1]],
    ['pause', {}, '*', 'pause', [0, 1, 2, 3]],
    ['pause', {}, 'processor-a_1', 'pause', [9]],
    ['remove_stream', { source_id: 1 }, 'processor-a', 'remove', [1]],
    ['reconfigure', { changes: { streams: [{ source_id: 1 }] } }, 'processor-a', 'remove', [0]],
    [
      'batch_commands',
      {
        commands: [
          { command: 'set_fps', params: { max_fps: 1 } },
          { command: 'remove_stream', params: { source_id: 0 } },
        ],
      },
      'processor-a',
      'remove',
      [0],
    ],
    ['rename_instance', { new_instance_id: 'x' }, 'processor-b', 'rename', [2, 3]],
  ])('are asked about with their rooms: %s', (name, params, target, kind, rooms) => {
    expect(judge(name, params, target)).toMatchObject({ kind, rooms });
  });

  it('are asked about at the orchestrator too', () => {
    expect(judge('release', { source_id: 2 }, '*', 'orchestrator')).toMatchObject({ kind: 'release', rooms: [2] });
    expect(judge('remove_room', { source_id: 1 }, '*', 'orchestrator')).toMatchObject({
      kind: 'remove_room',
      rooms: [1],
    });
    expect(judge('set_policy', {}, '*', 'orchestrator')).toMatchObject({ kind: 'set_policy' });
  });

  it.each([
    ['set_fps', { max_fps: 1 }],
    ['resume', {}],
    ['status', {}],
    ['reconfigure', { changes: { max_fps: 1 } }],
  ])('are not confused with others: %s', (name, params) => {
    expect(judge(name, params)).toBeUndefined();
  });
});
