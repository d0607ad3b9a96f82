import { Registry } from 'prom-client';
import { registerMeters } from './metrics.ts';
import { Store } from './observe/store.ts';

const at = '2026-03-03T10:00:00.000Z';

test('metrics state true and false alarms per room and rule, and a bounded number of rules that sensors name', async () => {
  const registry = new Registry();
  const store = new Store('orchestrator');
  registerMeters(registry, store, () => 0);
  const alarms = Array.from({ length: 100 }, (_, n) => ({
    incident_id: `inc-${n}`,
    source_id: 2,
    opened_at: at,
    model_id: `sensor-${n}`,
    outcome: 'false_alarm' as const,
  }));
  store.alarmFigures.load({ alarms, weeks: [{ from: at, room_hours: { 2: 84 }, model_hours: {} }], updated_at: at });
  const text = await registry.metrics();
  expect(text).toContain('vigilia_alarms{source_id="2",verdict="false"} 100');
  expect(text).toContain('vigilia_alarms{source_id="2",verdict="true"} 0');
  expect(text).toContain('vigilia_watched_room_weeks{source_id="2"} 0.5');
  expect(text).toContain('vigilia_alarms_by_rule{model_id="other",rule="other",verdict="false"} 68');
  expect(text.match(/vigilia_alarms_by_rule\{/g)?.length).toBe(33 * 3);
});
