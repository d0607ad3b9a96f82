import type { CommandForm } from '../../shared/command-result.ts';
import type { ProcessorView } from '../../shared/view.ts';

/** What a person must know before a command is sent: it ends monitoring, or cannot be taken back. */
export interface Consequence {
  readonly kind: 'stop' | 'pause' | 'remove' | 'remove_room' | 'rename' | 'release' | 'set_policy';
  /** Rooms that are no longer monitored, or not by the same processor. */
  readonly rooms: readonly number[];
  readonly processors: readonly string[];
}

type Params = Readonly<Record<string, unknown>>;

export interface PlannedCommand {
  readonly to: CommandForm['to'];
  readonly name: string;
  readonly params: Params;
  /** `*`: all homes. */
  readonly target: string;
}

/** Returns what a command ends or replaces; undefined: it needs no question. */
export function consequenceOf(command: PlannedCommand, processors: readonly ProcessorView[]): Consequence | undefined {
  const { to, name, params, target } = command;
  const meant = processors.filter(({ id, role, status }) =>
    target === '*' ? role === 'home' && status !== 'offline' : id === target,
  );
  const of = (kind: Consequence['kind'], rooms: readonly number[]): Consequence => ({
    kind,
    rooms: [...new Set(rooms)].sort((a, b) => a - b),
    processors: meant.map(({ id }) => id),
  });
  if (to === 'orchestrator') {
    if (name === 'release' || name === 'remove_room') return of(name, roomsOf(params));
    return name === 'set_policy' ? of('set_policy', []) : undefined;
  }
  const all = meant.flatMap(({ rooms }) => rooms.map(({ id }) => id));
  if (name === 'stop' || name === 'pause') return of(name, all);
  if (name === 'rename_instance') return of('rename', all);
  const removed = removedRooms(name, params, all);
  return removed.length === 0 ? undefined : of('remove', removed);
}

/** Rooms that a change takes from the processors, also as an entry of a batch. */
function removedRooms(name: string, params: Params, all: readonly number[]): readonly number[] {
  if (name === 'remove_stream') return roomsOf(params);
  if (name === 'batch_commands') {
    return recordsIn(params.commands).flatMap((entry) =>
      removedRooms(String(entry.command), recordOf(entry.params), all),
    );
  }
  const streams = name === 'reconfigure' ? recordOf(params.changes).streams : undefined;
  if (!Array.isArray(streams)) return [];
  const kept = recordsIn(streams).flatMap(roomsOf);
  return all.filter((room) => !kept.includes(room));
}

function roomsOf({ source_id: room }: Params): readonly number[] {
  const id = Number(room);
  return room !== undefined && Number.isInteger(id) ? [id] : [];
}

function recordsIn(value: unknown): readonly Params[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}

function recordOf(value: unknown): Params {
  return typeof value === 'object' && value !== null ? (value as Params) : {};
}
