import { gatherRoomEvidence, type House, judgeRoom, judgeSite, judgeWatch, roomIds } from '@vigilia/house';
import { EXIT } from '@vigilia/service';
import type { ConnectionFlags } from '../client/connection-options.ts';
import { localTime, table } from '../client/tables.ts';
import { watchSite } from '../health/watch-site.ts';
import { printLine, withBus } from './with-bus.ts';

/** `rooms --check`: listens to each room and judges it as the page does; exit code 1 when a fall would not be seen in one. */
export async function checkRooms(flags: ConnectionFlags): Promise<void> {
  const { house, nowMs } = await withBus(flags, (bus, clock) => watchSite(bus, clock, isHeard));
  const rooms = roomIds(house).map((id) => {
    const room = gatherRoomEvidence(house, id, nowMs);
    const { condition, since } = judgeRoom(room);
    const watch = judgeWatch(room);
    const monitoredBy = room.watchers.map(({ status }) => status.instance_id);
    const cause = watch?.cause ?? watch?.unwatchedCause;
    return { id, name: room.name, monitoredBy, condition, isWatched: watch === undefined, cause, since };
  });
  const rows = rooms.map(({ id, name, monitoredBy, condition, cause, since }) => [
    String(id),
    name ?? '',
    monitoredBy.join(' ') || 'none',
    condition,
    cause?.replaceAll('_', ' ') ?? '',
    since === undefined ? '' : localTime(since),
  ]);
  const text =
    rows.length === 0
      ? 'No room is being monitored.'
      : table([['ROOM', 'NAME', 'MONITORED BY', 'CONDITION', 'CAUSE', 'SINCE'], ...rows]);
  const value = rooms.map(({ id, monitoredBy, isWatched, ...rest }) => ({
    source_id: id,
    monitored_by: monitoredBy,
    watched: isWatched,
    ...rest,
  }));
  printLine(flags, text, { rooms: value });
  if (rooms.length === 0 || rooms.some(({ isWatched }) => !isWatched)) {
    process.exitCode = EXIT.failure;
  }
}

/** Each room was heard, or is silent for too long. */
const isHeard = (house: House, nowMs: number): boolean => judgeSite(house, nowMs).undecided.length === 0;
