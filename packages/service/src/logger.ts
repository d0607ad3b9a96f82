import { withoutUndefined } from '@vigilia/protocol';
import pino, { type DestinationStream } from 'pino';
import { isError } from './redact/redact-deep.ts';
import { redactDeep, redactUrl } from './redact.ts';
import { standardOutput } from './standard-output.ts';

/** A pino logger; a line is an event: `logger.info({ event: 'stream_added', source_id: 8 }, 'stream added')`. */
export type Logger = pino.Logger;

export interface LoggerOptions {
  /** The service's name, e.g. `vigilia.processor`. */
  logger: string;
  /** The part of it that logs, `main` by default; a child's own `component` wins. */
  component?: string;
  /** A function where the id can change while running (`rename_instance`). */
  instanceId: string | (() => string);
  level?: string;
  /** Standard output by default, which never waits for its reader (see `StandardOutput`). */
  destination?: DestinationStream;
  /** Called with each line as it is written. */
  onLine?: ((line: string) => void) | undefined;
}

/**
 * One JSON object per line: `{level, timestamp, logger, component, instance_id, …, event, message}`; ISO 8601 UTC with
 * milliseconds. Every string at any depth, the message and the keys go through `redactUrl`; values under secret-looking keys
 * are hidden. `err` (or `error`) given as an Error becomes `error: {message, code?, cause?}`, with its stack at debug level only.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { logger, component = 'main', instanceId, level = 'info' } = options;
  const ownComponent = new WeakMap<object, boolean>();
  const withStack = level === 'debug' || level === 'trace';
  const settings: pino.LoggerOptions = {
    level,
    base: null,
    messageKey: 'message',
    errorKey: 'error',
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    // not `base`: pino would write a key twice when a child has it too, and Elasticsearch refuses doubled keys
    mixin: (_merge, _level, source) =>
      withoutUndefined({
        logger,
        component: hasOwnComponent(source, ownComponent) ? undefined : component,
        instance_id: typeof instanceId === 'function' ? instanceId() : instanceId,
      }),
    formatters: {
      level: (label) => ({ level: label.toUpperCase() }),
      log: (fields) => clean(fields, withStack),
    },
    // pino's own serializer would add type and stack again
    serializers: { error: (value: unknown) => value },
    hooks: {
      logMethod(args, method) {
        method.apply(this, cleanArguments(args) as typeof args);
      },
    },
  };
  const root = pino(settings, tapped(options.destination ?? standardOutput(), options.onLine));
  // pino hands a child's fields to no formatter of the logger; children inherit this method
  const { child } = root;
  Object.assign(root, {
    child(this: unknown, bindings: Record<string, unknown>, ...rest: unknown[]) {
      return Reflect.apply(child, this, [clean(bindings, withStack), ...rest]);
    },
  });
  if (options.destination === undefined) {
    reportDroppedLines(root);
  }
  return root;
}

function tapped(destination: DestinationStream, onLine: LoggerOptions['onLine']): DestinationStream {
  if (onLine === undefined) return destination;
  return {
    write: (line) => {
      onLine(line);
      destination.write(line);
    },
  };
}

function reportDroppedLines(root: Logger): void {
  // at every log level, what is missing in the log is reported
  const logger = root.child({ component: 'log' }, { level: 'warn' });
  standardOutput().reportWith((count) =>
    logger.warn({ event: 'log_lines_dropped', count }, 'log lines were dropped because their reader did not take them'),
  );
}

function hasOwnComponent(source: Logger, known: WeakMap<object, boolean>): boolean {
  let has = known.get(source);
  if (has === undefined) {
    has = 'component' in source.bindings();
    known.set(source, has);
  }
  return has;
}

function cleanArguments(args: readonly unknown[]): unknown[] {
  const [first, ...rest] = args;
  if (isError(first) && rest.length === 0) {
    return [{ err: first }, redactUrl(first.message)];
  }
  return [typeof first === 'string' ? redactUrl(first) : first, ...rest.map((arg) => redactDeep(arg))];
}

/** Keys that every line has already: a field of that name would be written a second time, which Elasticsearch refuses. */
const taken = new Set(['timestamp', 'level', 'message']);

function clean(fields: Record<string, unknown>, withStack: boolean): Record<string, unknown> {
  const { err, ...others } = fields;
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(others)) {
    plain[taken.has(key) ? `own_${key}` : key] = value;
  }
  if (err !== undefined) {
    plain.error = err;
  }
  return redactDeep(plain, { withStack }) as Record<string, unknown>;
}
