import type { Incident, SettingOwner, Status } from '@vigilia/protocol';
import { incidentsTable, roomsTable } from './tables.ts';

const opened = new Date(2026, 10, 30, 23, 5, 9);
const incident = {
  incident_id: 'inc-1',
  source_id: 2,
  state: 'attended',
  opened_at: opened.toISOString(),
  updated_at: opened.toISOString(),
  watched_by: 'processor-a',
  drill: false,
  by: [
    { what: 'acknowledge', who: 'Ana Ruiz', at: opened.toISOString() },
    { what: 'acknowledge', who: 'Luis Gil', at: opened.toISOString() },
  ],
} as Partial<Incident> as Incident;

it('shows when an incident was opened by the clock of the reader, and who acknowledged it last', () => {
  const [head, row] = incidentsTable([incident]).split('\n');
  expect(head).toMatch(/OPENED +ACKNOWLEDGED BY$/);
  expect(row).toMatch(/2026-11-30 23:05:09 {2}Luis Gil$/);
});

it('shows who set the rate of a room: an incident, by its id, the policy or an operator', () => {
  const at = opened.toISOString();
  const stream = (source_id: number, max_fps: SettingOwner) => ({
    source_id,
    model_id: 'movenet',
    max_fps: 0.1,
    state: 'watching',
    set_by: { max_fps },
  });
  const owners: SettingOwner[] = [
    { by: 'orchestrator', incident_id: 'inc-1', at },
    { by: 'operator', command_id: 'c-1', at },
  ];
  const processor = {
    instance_id: 'home',
    status: 'online',
    streams: owners.map((owner, room) => stream(room, owner)),
  };
  const [head, first, second] = roomsTable({
    processors: [processor as unknown as Status],
    rooms: [],
    incidents: [],
    desired: undefined,
  }).split('\n');
  expect(head).toMatch(/FPS +RATE SET BY +FALL$/);
  expect(first).toMatch(/0\.1 +incident inc-1 +none$/);
  expect(second).toMatch(/0\.1 +operator +none$/);
});
