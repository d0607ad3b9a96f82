import type { Zone } from '@vigilia/protocol';
import { learnThing } from './learned-things.ts';
import { incidentOf, now, rulesOf, viewOf } from './testing/views.ts';

const at = new Date(now.wallMs).toISOString();
const learned: Zone = {
  kind: 'thing',
  points: [
    [0.6, 0.6],
    [0.7, 0.6],
    [0.7, 0.7],
  ],
  learned: { incident_id: 'old', by: 'Ana', at },
};

test.each([
  ['were never drawn', undefined],
  ['are an empty list', []],
  ['are learned things only', [learned]],
])('a room whose zones %s learns nothing: its beds are what is taken for falls', (_, zones) => {
  const place = { x1: 0.1, y1: 0.1, x2: 0.3, y2: 0.3 };
  const incident = incidentOf(2, {
    verdict: { outcome: 'false_alarm', by: 'Ana', at, before: 'open' },
    falls: [{ event_id: 'e', alarm_at: at, reported_at: at, place }],
  });
  const { draft } = rulesOf(viewOf({ incidents: [incident], desired: { 2: 1 } }));
  draft.setDesired(2, { home: 'processor-a', zones });
  expect(learnThing(draft, incident, {})).toMatchObject({ ok: false, code: 'invalid_params' });
  expect(draft.desired.get(2)?.zones).toEqual(zones);
});
