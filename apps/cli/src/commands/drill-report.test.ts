import type { AlertState } from '@vigilia/protocol';
import { drillReportText } from './drill-report.ts';

test('the report of a drill lists who was notified and who reacted, in order, with the seconds since it began', () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
  const notice = { fall: 1, level: 0, at: at(0) };
  const drill: AlertState = {
    incident_id: 'inc-1',
    source_id: 2,
    drill: true,
    stage: 'closed',
    level: 0,
    fall: 1,
    person: 'unknown',
    notified: [
      { ...notice, target: 'phone', step: 'raised', state: 'sent', sent_at: at(1) },
      { ...notice, target: 'pager', step: 'raised', state: 'dropped' },
    ],
    reactions: [
      { who: 'matron', what: 'drill', at: at(0) },
      { who: 'Ana', what: 'acknowledge', at: at(35), via: 'push' },
    ],
    opened_at: at(0),
    closed_at: at(90),
    updated_at: at(90),
  };
  expect(drillReportText({ ...drill, end_reason: 'a real fall was reported in the room' })).toMatch(
    /^Drill in room 2 of .*, lasted 90 s, ended because a real fall was reported in the room\.\n/,
  );
  expect(drillReportText(drill).split('\n')).toEqual([
    'Drill in room 2 of 2026-01-01T00:00:00.000Z, lasted 90 s.',
    'AFTER  WHO     WHAT                  VIA',
    '0 s    pager   not reached (raised)',
    '0 s    matron  drill',
    '1 s    phone   notified (raised)',
    '35 s   Ana     acknowledge           push',
  ]);
});
