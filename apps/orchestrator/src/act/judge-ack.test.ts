import type { Ack, Command } from '@vigilia/protocol';
import { judgeAck } from './judge-ack.ts';

function answer(code?: string): Ack {
  const base = { instance_id: 'a', client_id: 'a', command: 'x', command_id: 'y', timestamp: '2026-01-01T00:00:00Z' };
  return code === undefined ? { ...base, ack_status: 'completed' } : { ...base, ack_status: 'error', error: { code } };
}

const add: Command = { command: 'add_stream', params: { source_id: 2 } };
const remove: Command = { command: 'remove_stream', params: { source_id: 2 } };

it.each([
  [add, undefined, true],
  [add, 'stream_exists', true],
  [add, 'unknown_stream', false],
  [remove, 'unknown_stream', true],
  [remove, 'stream_exists', false],
  [add, 'model_not_found', false],
] as const)('%j answered %s is done: %s', (command, code, done) => {
  expect(judgeAck(command, answer(code)).done).toBe(done);
});

it('the message of a processor is passed on without the password of a camera: it goes into the note of an incident', () => {
  const message = 'Invalid parameter uri: rtsp://nurse:a/S3CRET@cam/1 is not a URL';
  expect(judgeAck(add, { ...answer('invalid_params'), message })).toMatchObject({
    message: 'Invalid parameter uri: rtsp://***@cam/1 is not a URL',
  });
});
