import { parseCommand } from '@vigilia/protocol';
import { initialConfig } from '../config/processor-config.ts';
import { describeChange, previousValues } from './describe-change.ts';

const defaults = { modelId: 'yolov11n-640', maxFps: 0.1, confidence: 0.25, tracking: true, decode: 'auto' } as const;
const config = initialConfig(defaults, [0], { uri: 'rtsp://old' });

it.each([
  ['change_model', { model_id: 'yolov11x-640' }, { old_model_id: 'yolov11n-640', new_model_id: 'yolov11x-640' }],
  ['set_fps', { max_fps: 1, source_id: 0 }, { source_id: 0, old_max_fps: 0.1, new_max_fps: 1 }],
  ['set_confidence', { confidence: 0.5 }, { old_confidence: 0.25, new_confidence: 0.5 }],
  ['enable_tracking', { enabled: false }, { old_enabled: true, new_enabled: false }],
  ['set_decode', { mode: 'full' }, { old_mode: 'auto', new_mode: 'full' }],
  [
    'change_stream_uri',
    { source_id: 0, uri: 'rtsp://new' },
    { source_id: 0, old_uri: 'rtsp://old', new_uri: 'rtsp://new' },
  ],
  ['set_zones', { source_id: 0, zones: [] }, { source_id: 0, old_zones: undefined, new_zones: 0 }],
  ['add_stream', { source_id: 8, max_fps: 1 }, { source_id: 8, model_id: 'yolov11n-640', max_fps: 1 }],
  ['remove_stream', { source_id: 0 }, { source_id: 0 }],
  ['restart', {}, {}],
  ['reconfigure', { changes: { max_fps: 1 } }, { old_max_fps: 0.1, new_max_fps: 1 }],
  [
    'reconfigure',
    { changes: { model_id: 'yolov11x-640', tracking: false, streams: [{ source_id: 0 }, { source_id: 4 }] } },
    {
      old_model_id: 'yolov11n-640',
      new_model_id: 'yolov11x-640',
      old_tracking: true,
      new_tracking: false,
      old_streams: [0],
      new_streams: [0, 4],
    },
  ],
  ['batch_commands', { commands: [{ command: 'restart' }] }, { commands: ['restart'] }],
  ['rename_instance', { new_instance_id: 'b' }, { old_instance_id: 'a', new_instance_id: 'b' }],
  ['ping', {}, {}],
])('%s %j is logged with old and new values', (name, params, expected) => {
  expect(describeChange(parseCommand(name, params), { config, instanceId: 'a' })).toEqual(expected);
});

it('a failed change is logged with what is still set: one value as it is, several by name', () => {
  expect(previousValues({ old_model_id: 'light', new_model_id: 'heavy' })).toBe('light');
  expect(previousValues({ old_model_id: 'light', old_max_fps: 1, new_max_fps: 2 })).toEqual({
    model_id: 'light',
    max_fps: 1,
  });
  expect(previousValues({ source_id: 3 })).toBeUndefined();
});
