import { parseCommand, parseCommandEnvelope } from './command-message.ts';
import { isCommandError } from './errors.ts';

function failure(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (isCommandError(error)) return { code: error.code, field: error.field, message: error.message };
    throw error;
  }
  throw new Error('expected a CommandError');
}

describe('the commands as people type them', () => {
  test.each([
    ['{"command": "restart"}', { command: 'restart', params: {} }],
    [
      '{"command": "change_model", "params": {"model_id": "yolov11x-640"}}',
      { command: 'change_model', params: { model_id: 'yolov11x-640' } },
    ],
    ['{"command": "set_fps", "params": {"max_fps": 1.0}}', { command: 'set_fps', params: { max_fps: 1 } }],
    ['{"command": "add_stream", "params": {"source_id": 8}}', { command: 'add_stream', params: { source_id: 8 } }],
    [
      '{"command": "remove_stream", "params": {"source_id": 2}}',
      { command: 'remove_stream', params: { source_id: 2 } },
    ],
    ['{"command": "ping", "params": null}', { command: 'ping', params: {} }],
  ])('%s', (text, expected) => {
    const envelope = parseCommandEnvelope(text);
    expect(parseCommand(envelope.command, envelope.params)).toEqual(expected);
  });
});

describe('a wrong command is refused with code, field and a sentence', () => {
  test('not JSON', () => {
    expect(failure(() => parseCommandEnvelope('{"command": restart}')).code).toBe('invalid_json');
  });

  test.each([
    '[]',
    '7',
    '{}',
    '{"command": 3}',
    '{"command": "ping", "target_instances": "a"}',
    '{"command":"ping","expires_at":"soon"}',
  ])('%s is not a command', (text) => {
    expect(failure(() => parseCommandEnvelope(text)).code).toBe('invalid_command');
  });

  test('unknown name', () => {
    expect(failure(() => parseCommand('dance', {}))).toMatchObject({ code: 'unknown_command', field: 'command' });
    expect(failure(() => parseCommand('toString', {})).code).toBe('unknown_command');
  });

  test('a missing parameter is named in the words people know', () => {
    expect(failure(() => parseCommand('change_model', {}))).toEqual({
      code: 'invalid_params',
      field: 'model_id',
      message: 'Missing required parameter: model_id',
    });
    expect(failure(() => parseCommand('add_stream', undefined)).message).toBe('Missing required parameter: source_id');
  });

  test.each([
    ['set_fps', { max_fps: 31 }, 'max_fps'],
    ['set_fps', { max_fps: 0 }, 'max_fps'],
    ['set_fps', { max_fps: '1' }, 'max_fps'],
    ['change_model', { model_id: '../../etc/passwd' }, 'model_id'],
    ['change_model', { model_id: '..' }, 'model_id'],
    ['add_stream', { source_id: -1 }, 'source_id'],
    ['add_stream', { source_id: 1.5 }, 'source_id'],
    ['set_zones', { source_id: 1, zones: [{ kind: 'bed', points: [[0, 0]] }] }, 'zones.0.points'],
    [
      'set_zones',
      {
        source_id: 1,
        zones: [
          {
            kind: 'bed',
            points: [
              [0, 0],
              [1, 0],
              [2, 1],
            ],
          },
        ],
      },
      'zones.0.points.2.0',
    ],
    ['rename_instance', { new_instance_id: 'ack' }, 'new_instance_id'],
    ['batch_commands', { commands: [] }, 'commands'],
    ['batch_commands', { commands: [{ command: 'set_fps', params: {} }] }, 'commands.0.max_fps'],
    ['batch_commands', { commands: [{ command: 'stop' }] }, 'commands.0.command'],
  ])('%s %j names %s', (command, params, field) => {
    expect(failure(() => parseCommand(command, params))).toMatchObject({ code: 'invalid_params', field });
  });

  test('unknown fields are ignored', () => {
    expect(parseCommand('set_fps', { max_fps: 1, colour: 'red' }).params).toEqual({ max_fps: 1 });
  });
});
