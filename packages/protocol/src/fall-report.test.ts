import { fallReportSchema, rescueFallReport } from './fall-report.ts';

describe('a report that names a room is accepted, whatever else it contains', () => {
  test.each([
    [{ source_id: 5 }, []],
    [{ room_id: 5 }, []],
    [{ source_id: '5' }, []],
    [{ room_id: ' 5 ' }, []],
    [{ source_id: '5.0' }, []],
    [{ source_id: null, room_id: 5 }, []],
    [{ source_id: 'bed', room_id: 5 }, []],
    [{ source_id: 5, timestamp: '2026-11-29T15:40:18.000000' }, ['timestamp']],
    [{ source_id: 5, timestamp: 1e300 }, ['timestamp']],
    [{ source_id: 5, event_id: 17 }, ['event_id']],
    [{ source_id: 5, event_id: '' }, ['event_id']],
    [{ source_id: 5, event_id: null, instance_id: null, timestamp: null, trace_id: null }, []],
    [{ source_id: 5, instance_id: { a: 1 } }, ['instance_id']],
    [{ source_id: 5, trace_id: 'x'.repeat(1_000_000) }, ['trace_id']],
    [{ source_id: 5, evidence: 'radar', confidence: 'high', bbox: null }, []],
  ])('%j', (report, unread) => {
    expect(fallReportSchema.parse(report)).toMatchObject({ source_id: 5, unread });
  });
});

test.each([
  ['2026-11-29T16:55:38+01:00', '2026-11-29T15:55:38.000Z'],
  ['2026-11-29 15:55:38Z', '2026-11-29T15:55:38.000Z'],
  ['Sun, 29 Nov 2026 16:55:38 +0100', '2026-11-29T15:55:38.000Z'],
  [1795967738, '2026-11-29T15:55:38.000Z'],
  [1795967738000, '2026-11-29T15:55:38.000Z'],
])('the foreign time %s becomes %s', (given, expected) => {
  expect(fallReportSchema.parse({ source_id: 5, detected_at: given }).detected_at).toBe(expected);
});

test.each([{ room: 5 }, 5, null, [], { source_id: -1 }, { source_id: 1.5 }, { source_id: 2 ** 40 }])(
  '%j names no room, and the field is named',
  (report) => {
    const result = fallReportSchema.safeParse(report);
    expect(result.success).toBe(false);
  },
);

test.each([
  ['{"source_id": 5, "confidence": NaN}', 5],
  ["{'room_id': 5}", 5],
  ['{"source_id": "5", "evidence": "cut sho', 5],
  ['source_id=5', 5],
  ['{"source_id": 5.5}', undefined],
  ['{"other_source_id_x": 5}', undefined],
  ['5', undefined],
])('the room of the unreadable report %s is %s', (text, room) => {
  expect(rescueFallReport(text)?.source_id).toBe(room);
});
