import type { Incident } from '@vigilia/protocol';
import { incidentsTable } from './tables.ts';

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
