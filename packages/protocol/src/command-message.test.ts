import { commandEnvelopeSchema, expiresInMs, parseCommand } from './command-message.ts';
import { CommandError } from './errors.ts';

function failure(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (error instanceof CommandError) return { code: error.code, field: error.field, message: error.message };
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
    const envelope = commandEnvelopeSchema.parse(JSON.parse(text));
    expect(parseCommand(envelope.command, envelope.params)).toEqual(expected);
  });
});

describe('a wrong command is refused with code, field and a sentence', () => {
  test('an unknown name is refused as unknown_command, also one that JavaScript objects have', () => {
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
    ['set_fps', { max_fps: 'fast' }, 'max_fps'],
    ['set_fps', { max_fps: Number.POSITIVE_INFINITY }, 'max_fps'],
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

  test('unknown fields are ignored, so that newer senders are understood', () => {
    expect(parseCommand('set_fps', { max_fps: 1, colour: 'red' }).params).toEqual({ max_fps: 1 });
  });
});

describe('scripts of the first version keep working', () => {
  test.each([
    ['set_fps', { max_fps: '0.5' }, { max_fps: 0.5 }],
    ['add_stream', { source_id: '8' }, { source_id: 8 }],
    ['change_model', { model_id: ' yolov11x-640 ' }, { model_id: 'yolov11x-640' }],
    ['enable_tracking', { enabled: 'true' }, { enabled: true }],
  ])('%s accepts %j', (name, params, expected) => {
    expect(parseCommand(name, params).params).toEqual(expected);
  });

  test('a name in capitals and null in optional fields are accepted', () => {
    const envelope = commandEnvelopeSchema.parse({
      command: ' RESTART ',
      params: null,
      target_instances: null,
      command_id: null,
      trace_id: null,
    });
    expect(envelope.command).toBe('restart');
    expect(envelope.command_id).toBeUndefined();
    expect(envelope.target_instances).toBeUndefined();
  });
});

describe('a command expires', () => {
  const arrived = Date.parse('2026-01-01T12:00:00Z');
  test('after a duration, whatever the clocks show', () => {
    const envelope = commandEnvelopeSchema.parse({ command: 'ping', expires_in_ms: 5000 });
    expect(expiresInMs(envelope, arrived)).toBe(5000);
  });
  test('after the difference of two times of a sender whose clock is an hour behind', () => {
    const envelope = commandEnvelopeSchema.parse({
      command: 'ping',
      sent_at: '2026-01-01T11:00:00Z',
      expires_at: '2026-01-01T11:00:30Z',
    });
    expect(expiresInMs(envelope, arrived)).toBe(30_000);
  });
  test('at the time that a sender without sent_at names', () => {
    const envelope = commandEnvelopeSchema.parse({ command: 'ping', expires_at: '2026-01-01T11:59:59Z' });
    expect(expiresInMs(envelope, arrived)).toBe(-1000);
  });
});

test('the sentence of a rejection names the value, the limit and nothing of the library', () => {
  expect(failure(() => parseCommand('set_fps', { max_fps: 45 })).message).toBe(
    'Invalid parameter max_fps: must be at most 30 (got 45)',
  );
  expect(failure(() => parseCommand('enable_tracking', { enabled: 7 })).message).toBe(
    'Invalid parameter enabled: must be true or false (got 7)',
  );
});
