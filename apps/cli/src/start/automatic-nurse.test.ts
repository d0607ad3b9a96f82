import type { Incident } from '@vigilia/protocol';
import { AutomaticNurse } from './automatic-nurse.ts';

function incident(change: Partial<Incident> = {}): Incident {
  return { incident_id: 'inc-1', state: 'open', steps: {}, ...change } as Incident;
}
const handedOver = { steps: { room_released: '2026-01-01T00:00:00.000Z' } };

test('acknowledges once, after the room was handed over', () => {
  const nurse = new AutomaticNurse();
  expect(nurse.nextAction(incident(), 0)).toBeUndefined();
  expect(nurse.nextAction(incident(handedOver), 1000)).toEqual({ command: 'acknowledge', incidentId: 'inc-1' });
  expect(nurse.nextAction(incident(handedOver), 2000)).toBeUndefined();
});

test('acknowledges after 30 s also where no dedicated processor came', () => {
  const nurse = new AutomaticNurse();
  nurse.nextAction(incident(), 0);
  expect(nurse.nextAction(incident(), 30_001)?.command).toBe('acknowledge');
});

test('resolves where the person is not up 60 s later', () => {
  const nurse = new AutomaticNurse();
  nurse.nextAction(incident(handedOver), 0);
  expect(nurse.nextAction(incident(handedOver), 59_999)).toBeUndefined();
  expect(nurse.nextAction(incident(handedOver), 60_000)?.command).toBe('resolve');
  expect(nurse.nextAction(incident(handedOver), 61_000)).toBeUndefined();
});

test('leaves an incident alone whose person is up', () => {
  const nurse = new AutomaticNurse();
  nurse.nextAction(incident(handedOver), 0);
  expect(
    nurse.nextAction(incident({ ...handedOver, recovered_at: '2026-01-01T00:00:30.000Z' }), 90_000),
  ).toBeUndefined();
});
