import { createLogger, type LoggerOptions } from './logger.ts';

function capture(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = [];
  const logger = createLogger({
    logger: 'vigilia.processor',
    instanceId: 'processor-a',
    destination: { write: (line) => void lines.push(line) },
    ...options,
  });
  return { logger, last: (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? '{}'), lines };
}

test('a line has exactly the fields that the event sink reads', () => {
  const { logger, last, lines } = capture({ component: 'reconciler' });
  logger.info({ event: 'stream_added', source_id: 8, trace_id: 't1' }, 'stream added');
  expect(last()).toEqual({
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    level: 'INFO',
    logger: 'vigilia.processor',
    message: 'stream added',
    component: 'reconciler',
    event: 'stream_added',
    instance_id: 'processor-a',
    source_id: 8,
    trace_id: 't1',
  });
  expect(lines[0]?.endsWith('\n')).toBe(true);
});

test.each(['debug', 'info', 'warn', 'error', 'fatal'] as const)('level %s is written in capitals', (level) => {
  const { logger, last } = capture({ level: 'debug' });
  logger[level]('x');
  expect(last().level).toBe(level.toUpperCase());
});

test('a child names its own component, and no key stands twice', () => {
  const { logger, lines } = capture({ component: 'main' });
  logger.child({ component: 'mqtt' }).info('x');
  expect(lines[0]?.match(/"component":/g)).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ component: 'mqtt', instance_id: 'processor-a' });
});

test('a renamed instance logs its new id at once, also through children', () => {
  let id = 'a';
  const { logger, last } = capture({ instanceId: () => id });
  const child = logger.child({ component: 'x' });
  id = 'b';
  child.info('x');
  expect(last().instance_id).toBe('b');
});

test('camera credentials are removed from fields, children, messages, arguments and errors', () => {
  const { logger, lines } = capture({ level: 'debug' });
  const uri = 'rtsp://admin:hunter2@10.0.0.4/1';
  logger.info({ streams: [{ uri }], deep: { a: { b: [uri] } } }, `opened ${uri}`);
  logger.child({ uri }).info('opened %s', uri);
  const error = new Error(`cannot open ${uri}`, { cause: new Error(uri) });
  logger.error({ err: error }, 'failed');
  logger.error(error);
  expect(lines).toHaveLength(4);
  expect(lines.join('')).not.toContain('hunter2');
  expect(lines[0]).toContain('rtsp://***@10.0.0.4/1');
});

test('an error is message and code; its stack only at the level debug', () => {
  const error = Object.assign(new Error('no answer', { cause: new Error('reset') }), { code: 'stream_unreachable' });
  const info = capture();
  info.logger.error({ event: 'x', err: error }, 'failed');
  expect(info.last().error).toEqual({ message: 'no answer', code: 'stream_unreachable', cause: { message: 'reset' } });
  const debug = capture({ level: 'debug' });
  debug.logger.error({ event: 'x', error }, 'failed');
  expect(debug.last().error).toMatchObject({ message: 'no answer', stack: expect.stringContaining('logger.test.ts') });
});

test('an error that is logged bare keeps its message in the same shape', () => {
  const { logger, last } = capture();
  logger.error(new Error('boom'));
  expect(last()).toMatchObject({ message: 'boom', error: { message: 'boom' } });
});

test('an event of MQTT given as the fields of a line keeps its own time beside that of the line', () => {
  const { logger, lines, last } = capture();
  logger.info({ event: 'room_taken', timestamp: '2020-01-01T00:00:00.000Z', level: 'x' }, 'room taken');
  expect(lines[0]?.match(/"timestamp"/g)).toHaveLength(1);
  expect(last()).toMatchObject({ level: 'INFO', own_timestamp: '2020-01-01T00:00:00.000Z', own_level: 'x' });
});
