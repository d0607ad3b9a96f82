import { createLogger, type Logger } from '@vigilia/service';

export interface LogLine {
  level: string;
  event?: string;
  message: string;
  [field: string]: unknown;
}

/** A real logger whose lines land in an array. */
export function captureLogger(level = 'debug'): { logger: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as LogLine) };
  return { logger: createLogger({ logger: 'vigilia.test', instanceId: 'test', level, destination }), lines };
}

/** A real logger that writes nothing. */
export function silentLogger(): Logger {
  return createLogger({
    logger: 'vigilia.test',
    instanceId: 'test',
    level: 'silent',
    destination: { write: () => {} },
  });
}
