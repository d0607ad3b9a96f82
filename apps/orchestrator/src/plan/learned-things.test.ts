import { learnThing } from './learned-things.ts';
import { incidentOf, now, rulesOf, viewOf } from './testing/views.ts';

test('a room whose zones were never drawn learns nothing: its beds are what is taken for falls', () => {
  const at = new Date(now.wallMs).toISOString();
  const place = { x1: 0.1, y1: 0.1, x2: 0.3, y2: 0.3 };
  const incident = incidentOf(2, {
    verdict: { outcome: 'false_alarm', by: 'Ana', at, before: 'open' },
    falls: [{ event_id: 'e', alarm_at: at, reported_at: at, place }],
  });
  const { draft } = rulesOf(viewOf({ incidents: [incident], desired: { 2: 1 } }));
  expect(learnThing(draft, incident, {})).toMatchObject({ ok: false, code: 'invalid_params' });
  expect(draft.desired.get(2)?.zones).toBeUndefined();
});
