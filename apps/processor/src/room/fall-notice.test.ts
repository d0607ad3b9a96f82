import { eventSchema, isFallEventId } from '@vigilia/protocol';
import type { RoomEffect } from '@vigilia/vision';
import { fallEventIds, fallNotice } from './fall-notice.ts';

const news = {
  fallId: '3-1700000000000',
  trackId: 3,
  atMs: 1_700_000_020_000,
  lowAtMs: 1_700_000_000_000,
  box: { x1: 0, y1: 0, x2: 100, y2: 50 },
  place: { x1: 0, y1: 0, x2: 0.15625, y2: 0.10416 },
  evidence: {
    abrupt: true,
    seconds_low: 20,
    observations_seen: 9,
    observations_low: 8,
    observations_lying: 8,
    observations_missed: 1,
    confidence: 0.4,
    rule: 'seen_fall' as const,
  },
};
const where = { sourceId: 2, modelId: 'm', modelSha256: 'c'.repeat(64) };
const detected: RoomEffect = { kind: 'detected', severity: 'critical', alarmAtMs: news.atMs, ...news };

test('an alarm states who, where, since when and why; it fits the protocol', () => {
  const event = fallNotice(detected, where);
  expect(event).toMatchObject({
    event: 'fall_detected',
    severity: 'critical',
    track_id: 3,
    model_id: 'm',
    model_sha256: 'c'.repeat(64),
    detected_at: new Date(news.lowAtMs).toISOString(),
    alarm_at: new Date(news.atMs).toISOString(),
    bbox: { x: 50, y: 25, width: 100, height: 50 },
    place: { x1: 0, y1: 0, x2: 0.156, y2: 0.104 },
    evidence: { rule: 'seen_fall', seconds_low: 20 },
  });
  const whole = { ...event, source_id: 2, instance_id: 'a', timestamp: '2026-01-01T00:00:00.000Z' };
  expect(eventSchema.safeParse(whole).success).toBe(true);
});

test('two watchers of one room publish the same fall as the same event; another room or fall is another', () => {
  const id = (effect: RoomEffect, sourceId = 2) => fallNotice(effect, { sourceId, modelId: 'x' })?.event_id;
  expect(id(detected)).toBe(id({ ...detected, atMs: 5 }));
  expect(id(detected)).not.toBe(id(detected, 3));
  expect(id(detected)).not.toBe(id({ ...detected, fallId: '3-1700000000001' }));
});

test('everything about one fall has one trace_id; reminders are events of their own', () => {
  const reminder: RoomEffect = { kind: 'reminder', severity: 'critical', ...news, alarmAtMs: news.atMs - 300_000 };
  const [first, second, alarm] = [
    fallNotice(reminder, where),
    fallNotice(reminder, where),
    fallNotice(detected, where),
  ];
  expect(new Set([first?.trace_id, second?.trace_id, alarm?.trace_id]).size).toBe(1);
  expect(first?.event_id).not.toBe(second?.event_id);
  expect(first?.alarm_at).toBe(new Date(news.atMs - 300_000).toISOString());
});

test('the end of a fall states whether there had been an alarm, and when', () => {
  expect(fallNotice({ kind: 'recovered', ...news }, where)).toMatchObject({ severity: 'info', was_alarm: false });
  expect(fallNotice({ kind: 'recovered', ...news, alarmAtMs: news.atMs }, where)).toMatchObject({
    was_alarm: true,
    alarm_at: new Date(news.atMs).toISOString(),
  });
});

test('requests to analyse more closely are not events', () => {
  const asked = { fps: 3, seconds: 15, lateSeconds: 5, reason: 'low' };
  expect(fallNotice({ kind: 'burst', ...asked }, where)).toBeUndefined();
});

test('the ids of a fall are known as those of a processor, so that its repetition does not open a closed incident again', () => {
  expect(fallEventIds(2, '1-2000').filter(isFallEventId)).toHaveLength(2);
  expect(['fall_detected-7', 'sensor-12', `fall_detected-${'g'.repeat(32)}`].filter(isFallEventId)).toEqual([]);
});
