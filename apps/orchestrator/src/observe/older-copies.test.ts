import type { ObservedMessage } from './dispatch.ts';
import { judgeCopy } from './older-copies.ts';
import { Store } from './store.ts';

const wallMs = Date.UTC(2026, 0, 1, 12);
const iso = (agoMs: number): string => new Date(wallMs - agoMs).toISOString();
const now = { wallMs, monoMs: 0 };

/** What a broker retained; the rules read only where it belongs and when it was published. */
function copy(channel: string, places: object, value: object | undefined): ObservedMessage {
  return { channel, places, value, arrival: { retain: true } } as unknown as ObservedMessage;
}

function knowingStore(): Store {
  const store = new Store('orchestrator');
  const fall = { source_id: 2, watcher: 'processor-a', since: iso(0), fall: { state: 'none' } } as const;
  store.room(fall, 0);
  store.putDesired({ revision: 7, updated_at: iso(0), rooms: {} });
  store.status(
    { instance_id: 'a', client_id: 'a', boot_id: 'b', role: 'home', status: 'running', timestamp: iso(0) },
    { retained: false, nowMs: 0, wallMs },
  );
  store.replays.take('known', { fall_at: iso(0) } as never, now);
  return store;
}

describe('at a broker of an earlier stay', () => {
  test.each([
    ['an incident that has ended since is cleared', copy('incident', { incident_id: 'old' }, {}), 'clear'],
    ['the desired state is not read', copy('orchestratorRooms', {}, { revision: 3 }), 'ignore'],
    ['a policy that was taken back is cleared', copy('orchestratorPolicy', {}, {}), 'clear'],
    ['figures of a time without any are cleared', copy('alarmFigures', {}, {}), 'clear'],
    ['the state of a known room is not read', copy('room', { source_id: 2 }, { source_id: 2 }), 'ignore'],
    ['the state of an unknown room is cleared', copy('room', { source_id: 9 }, { source_id: 9 }), 'clear'],
    [
      'the status of a known processor is not read',
      copy('status', { instance_id: 'a' }, { timestamp: iso(0) }),
      'ignore',
    ],
    [
      'a processor that ended long ago is cleared',
      copy('status', { instance_id: 'x' }, { timestamp: iso(60_000) }),
      'clear',
    ],
    [
      'a processor that is there already is taken',
      copy('status', { instance_id: 'x' }, { timestamp: iso(59_000) }),
      'take',
    ],
    ['metrics of an ended processor are cleared', copy('metrics', { instance_id: 'x' }, {}), 'clear'],
    ['a known replay is taken', copy('replay', { incident_id: 'known' }, {}), 'take'],
    ['a replay that was no longer kept is cleared', copy('replay', { incident_id: 'old' }, {}), 'clear'],
    ['what was cleared there is no copy', copy('incident', { incident_id: 'old' }, undefined), 'take'],
  ])('%s', (_, message, expected) => {
    expect(judgeCopy(message, knowingStore(), wallMs)).toBe(expected);
  });
});
