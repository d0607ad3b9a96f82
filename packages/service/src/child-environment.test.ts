import { childEnvironment } from './child-environment.ts';

describe('the environment of a program that a service starts', () => {
  it('holds no secret, whatever its name: only what is listed is passed on', () => {
    const env = {
      PATH: '/usr/bin',
      LC_ALL: 'C.UTF-8',
      CUDA_VISIBLE_DEVICES: '0',
      MQTT_PASSWORD: 'hunter2',
      MQTT_PASSWORD_FILE: '/run/vigilia/password',
      ELASTICSEARCH_API_KEY: 'hunter2',
      CAMERA_PASSWORD: 'hunter2',
      SOMETHING_NEW: 'hunter2',
    };
    expect(childEnvironment(env)).toEqual({ PATH: '/usr/bin', LC_ALL: 'C.UTF-8', CUDA_VISIBLE_DEVICES: '0' });
  });

  it('holds what the caller names besides', () => {
    expect(childEnvironment({ MODELS_DIR: '/models', X: '1' }, ['MODELS_DIR'])).toEqual({ MODELS_DIR: '/models' });
  });
});
