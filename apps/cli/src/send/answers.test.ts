import { type Ack, withoutUndefined } from '@vigilia/protocol';
import { Answers } from './answers.ts';
import { parseParams } from './parse-params.ts';

function ack(instance: string, status: Ack['ack_status'], code?: string): Ack {
  return withoutUndefined({
    instance_id: instance,
    client_id: instance,
    command: 'remove_stream',
    command_id: 'c',
    ack_status: status,
    timestamp: '2026-01-01T00:00:00.000Z',
    error: code === undefined ? undefined : { code },
    message: code,
  });
}

function after(...acks: Ack[]) {
  const answers = new Answers({ command: 'remove_stream', expected: ['a', 'b'] });
  for (const one of acks) {
    answers.take(one);
  }
  return answers;
}

test('a broadcast that one processor completed and the other does not concern is a success', () => {
  const answers = after(ack('a', 'completed'), ack('b', 'error', 'unknown_stream'));
  expect(answers.complete).toBe(true);
  expect(answers.summary().ok).toBe(true);
});

test('when no processor has the room it is a failure', () => {
  expect(after(ack('a', 'error', 'unknown_stream'), ack('b', 'error', 'unknown_stream')).summary().ok).toBe(false);
});

test('any other error is a failure, whatever the others answer', () => {
  expect(after(ack('a', 'completed'), ack('b', 'error', 'timeout')).summary()).toEqual({
    ok: false,
    text: 'b: timeout',
  });
});

test('received is not an answer, and silent processors are named', () => {
  const answers = after(ack('a', 'completed'), ack('b', 'received'));
  expect(answers.complete).toBe(false);
  expect(answers.summary()).toEqual({ ok: false, text: 'No answer to remove_stream from b.' });
});

test('parameters: JSON where it is JSON, text otherwise', () => {
  expect(parseParams(['max_fps=1', 'model_id=yolo', 'zones=[]', 'uri=rtsp://h/1?a=b'])).toEqual({
    max_fps: 1,
    model_id: 'yolo',
    zones: [],
    uri: 'rtsp://h/1?a=b',
  });
  expect(() => parseParams(['max_fps'])).toThrow(/max_fps/);
});
