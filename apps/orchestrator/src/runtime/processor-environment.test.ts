import { processorEnvironment } from './processor-environment.ts';

const spec = { instanceId: 'a_1', incidentId: 'inc-1', traceId: 't-1', sourceIds: [2], maxFps: 1 };
const defaults = { mqttUrl: 'mqtt://broker:1883', topicPrefix: 'nvr', modelId: 'light' };

describe('the environment of a dedicated processor that runs as a process', () => {
  it('holds none of the orchestrator’s credentials', () => {
    const own = {
      MQTT_USERNAME: 'orchestrator',
      MQTT_PASSWORD: 'hunter2',
      MQTT_PASSWORD_FILE: '/x',
      API_KEY: 'hunter2',
    };
    const env = processorEnvironment({ ...own, MODELS_DIR: '/models' }, defaults, spec);
    expect(JSON.stringify(env)).not.toMatch(/hunter2|orchestrator|PASSWORD/);
    expect(env.MODELS_DIR).toBe('/models');
  });

  it('holds the credentials of dedicated processors, under the instance id or one name for all', () => {
    const own = processorEnvironment({}, { ...defaults, mqttPassword: 'p' }, spec);
    expect(own).toMatchObject({ MQTT_USERNAME: 'a_1', MQTT_PASSWORD: 'p' });
    const shared = processorEnvironment({}, { ...defaults, mqttUsername: 'u', mqttPassword: 'p' }, spec);
    expect(shared).toMatchObject({ MQTT_USERNAME: 'u', MQTT_PASSWORD: 'p' });
  });
});
