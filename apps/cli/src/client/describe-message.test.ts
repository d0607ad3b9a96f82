import { describeMessage } from './describe-message.ts';

test('an operator reads what happened, where, and why, without JSON', () => {
  const event = {
    event_id: 'e',
    event: 'incident_refused',
    source_id: 4,
    instance_id: 'orchestrator',
    timestamp: '2026-01-01T00:00:00Z',
    severity: 'warning',
    trace_id: 't',
    reason: 'The fall report was refused: room 4 is not monitored by any processor.',
  } as const;
  expect(describeMessage({ channel: 'event', places: { type: 'incident_refused' }, value: event })).toBe(
    'warning   incident_refused  room 4  by orchestrator  The fall report was refused: room 4 is not monitored by any processor.',
  );
  expect(describeMessage({ channel: 'incident', places: { incident_id: 'inc-1' }, value: undefined })).toBe(
    'incident  inc-1 removed',
  );
});
