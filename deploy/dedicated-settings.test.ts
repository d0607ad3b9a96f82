import { handedOn, processorEnvironment } from '../apps/orchestrator/src/runtime/processor-environment.ts';
import { settingsSpec } from '../apps/processor/src/settings.ts';

test('every setting of a processor is decided about for dedicated processes: handed on, given, or left to its default', () => {
  const defaults = { mqttUrl: 'mqtt://broker:1883', topicPrefix: 'nvr', modelId: 'light', mqttPassword: 'p' };
  const spec = { instanceId: 'a_1', incidentId: 'inc-1', traceId: 't-1', sourceIds: [2], maxFps: 1 };
  const given = Object.keys(processorEnvironment({}, defaults, spec));
  const leftOut = ['HEALTH_HOST', 'HEALTH_PORT', 'STATE_DIR', 'RESET_STATE'];
  const decided = new Set<string>([...given, ...handedOn, ...leftOut]);
  const names = Object.values(settingsSpec.table).map(({ env }) => env);
  expect(names.filter((name) => !decided.has(name))).toEqual([]);
});
