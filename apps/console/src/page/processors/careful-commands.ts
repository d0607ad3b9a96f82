import type { ProcessorView } from '../../shared/view.ts';

/** Commands after which rooms are not monitored, or a processor goes by another name: they are sent after a question. */
const careful: ReadonlySet<string> = new Set(['stop', 'pause', 'remove_stream', 'remove_room', 'rename_instance']);
/** Commands that make sense for one processor only: all homes would take the same room, or the same name. */
const forOne: ReadonlySet<string> = new Set(['add_stream', 'rename_instance']);

export function isCareful(command: string): boolean {
  return careful.has(command);
}

export function isForOne(command: string): boolean {
  return forOne.has(command);
}

/**
 * Returns the numbers of the rooms that a command would leave without a processor, ascending.
 * @param target instance id; `*`: all homes
 * @param sourceId the room that the command names; undefined: all rooms of the receivers
 */
export function affectedRooms(
  processors: readonly ProcessorView[],
  target: string,
  sourceId: number | undefined,
): readonly number[] {
  const receivers = processors.filter(({ id, role, status }) =>
    target === '*' ? role === 'home' && status !== 'offline' : id === target,
  );
  const rooms = receivers.flatMap((one) => one.rooms.map(({ id }) => id));
  return [...new Set(rooms)].filter((id) => sourceId === undefined || id === sourceId).sort((a, b) => a - b);
}
