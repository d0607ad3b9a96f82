import type { Ack } from '@vigilia/protocol';
import { OperatorWatch, ownCommandPrefix } from './operator-watch.ts';

function ack(instance_id: string, command: string, command_id: string, ack_status: Ack['ack_status']): Ack {
  return {
    instance_id,
    client_id: instance_id,
    command,
    command_id,
    ack_status,
    timestamp: '2026-01-01T00:00:00.000Z',
  };
}

describe('other people’s commands', () => {
  it('typed without an id are known by the id that the processor made, in the order in which they came', () => {
    const watch = new OperatorWatch();
    watch.command({ command: 'set_fps', params: { max_fps: 1 } }, false, 0);
    watch.command({ command: 'set_fps', params: { max_fps: 0.5 } }, false, 1);
    watch.ack(ack('a', 'set_fps', 'x', 'received'), 5);
    watch.ack(ack('a', 'set_fps', 'y', 'received'), 5);
    expect(watch.ack(ack('a', 'set_fps', 'y', 'completed'), 5)).toEqual([
      { command: 'set_fps', params: { max_fps: 0.5 } },
    ]);
    expect(watch.ack(ack('a', 'set_fps', 'x', 'completed'), 5)).toEqual([
      { command: 'set_fps', params: { max_fps: 1 } },
    ]);
  });

  it('typed without an id that nobody received are not taken for a later one', () => {
    const watch = new OperatorWatch();
    watch.command({ command: 'set_fps', params: { max_fps: 1 } }, false, 0);
    watch.command({ command: 'set_fps', params: { max_fps: 0.5 } }, false, 16_000);
    watch.ack(ack('a', 'set_fps', 'x', 'received'), 16_100);
    expect(watch.ack(ack('a', 'set_fps', 'x', 'completed'), 16_200)).toEqual([
      { command: 'set_fps', params: { max_fps: 0.5 } },
    ]);
  });

  it('typed before the processor listened are not taken for the next', () => {
    const watch = new OperatorWatch();
    watch.command({ command: 'set_fps', params: { max_fps: 1 } }, false, 15_000);
    watch.command({ command: 'set_fps', params: { max_fps: 0.1, source_id: 0 } }, false, 16_500);
    watch.ack(ack('a', 'set_fps', 'x', 'received'), 16_600, 15_500);
    expect(watch.ack(ack('a', 'set_fps', 'x', 'completed'), 16_800, 15_500)).toEqual([
      { command: 'set_fps', params: { max_fps: 0.1, source_id: 0 } },
    ]);
  });

  it('that the broker sent twice are one command, and the next of the kind is not taken for it', () => {
    const watch = new OperatorWatch();
    watch.command({ command: 'set_fps', params: { max_fps: 0.3, source_id: 0 } }, false, 0);
    watch.command({ command: 'set_fps', params: { max_fps: 0.3, source_id: 0 } }, true, 20);
    watch.ack(ack('a', 'set_fps', 'x', 'received'), 30);
    watch.ack(ack('a', 'set_fps', 'x', 'completed'), 40);
    watch.command({ command: 'set_fps', params: { max_fps: 0.1 } }, false, 7000);
    watch.ack(ack('a', 'set_fps', 'y', 'received'), 7010);
    expect(watch.ack(ack('a', 'set_fps', 'y', 'completed'), 7020)).toEqual([
      { command: 'set_fps', params: { max_fps: 0.1 } },
    ]);
  });

  it('that the broker sent before a connection was lost, and that were not heard then, count', () => {
    const watch = new OperatorWatch();
    watch.command({ command: 'set_fps', params: { max_fps: 0.3 } }, true, 0);
    watch.ack(ack('a', 'set_fps', 'x', 'received'), 5);
    expect(watch.ack(ack('a', 'set_fps', 'x', 'completed'), 5)).toHaveLength(1);
  });

  it('are told once for each processor that completed them', () => {
    const watch = new OperatorWatch();
    watch.command({ command: 'remove_stream', params: { source_id: 2 }, command_id: 'r' }, false, 0);
    expect(watch.ack(ack('a', 'remove_stream', 'r', 'completed'), 5)).toHaveLength(1);
    expect(watch.ack(ack('b', 'remove_stream', 'r', 'error'), 5)).toBeUndefined();
  });

  it('say nothing when they failed, when they are not addressed to that processor, or when they are our own', () => {
    const watch = new OperatorWatch();
    watch.command({ command: 'set_fps', params: { max_fps: 1 }, target_instances: ['b'] }, false, 0);
    expect(watch.ack(ack('a', 'set_fps', 'x', 'completed'), 5)).toBeUndefined();
    expect(watch.ack(ack('b', 'set_fps', 'y', 'error'), 5)).toBeUndefined();
    const own = `${ownCommandPrefix}1`;
    watch.command({ command: 'set_fps', params: { max_fps: 1 }, command_id: own }, false, 0);
    expect(watch.ack(ack('a', 'set_fps', own, 'completed'), 5)).toBeUndefined();
  });
});
