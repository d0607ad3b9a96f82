import type { Replay } from '@vigilia/protocol';
import { fold } from './fold.ts';
import { emptyHouse, type House, type HouseMessage } from './house.ts';

const replay = { incident_id: 'inc-1' } as Replay;

function folded(...messages: HouseMessage[]): House {
  return messages.reduce((house, message, at) => fold(house, message, at), emptyHouse(0));
}

test.each([
  [true, []],
  [false, ['inc-1']],
])(
  'a replay that may have been deleted while there was no connection is not shown; with a session that the broker keeps (%s: it ends) its deletion would be received',
  (sessionEnds, shown) => {
    const heard: HouseMessage = { kind: 'replay', incidentId: 'inc-1', replay };
    const lost: HouseMessage = { kind: 'disconnected', sessionEnds };
    const house = folded({ kind: 'connected' }, heard, lost, { kind: 'connected' });
    expect([...house.replays.keys()]).toEqual(shown);
    expect([...fold(house, heard, 9).replays.keys()]).toEqual(['inc-1']);
  },
);
