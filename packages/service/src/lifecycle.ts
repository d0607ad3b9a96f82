import { ExitRequest } from './exit-request.ts';
import type { Logger } from './logger.ts';
import { redactUrl } from './redact.ts';
import { UsageError } from './usage-error.ts';

/** What a process runs. The constructor only assigned; `start` works; `stop` is idempotent and also ends a half-made start. */
export interface Service {
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/** Lets a service end its own process in order. */
export interface ServiceControl {
  /** Stops the service as a signal would and exits with `exitCode`; the first request wins. */
  requestExit(exitCode: number, reason: string): void;
  /** Aborts when the service is to end: a `build` that waits for something must not wait any longer then. */
  readonly signal?: AbortSignal;
}

export interface RunServiceOptions {
  name: string;
  logger: Logger;
  build: (control: ServiceControl) => Promise<Service> | Service;
  /** How long `stop()` may take; 10 s by default. */
  stopTimeoutMs?: number;
}

/** Exit codes of every process of ours. */
export const EXIT = { ok: 0, failure: 1, usage: 2, takenOver: 3, secondSignal: 130 } as const;

/**
 * Builds and runs a service until it is told to end, and ends the process:
 * SIGTERM or SIGINT → `stop()` → 0; a second signal → 130 at once; UsageError → one sentence on standard error → 2;
 * ExitRequest (thrown by `build` or `start`, or by `requestExit`) → `stop()` → its code; anything else, also a promise nobody
 * waited for → logged → 1. A `stop()` that fails or takes longer than `stopTimeoutMs` → 1.
 */
export async function runService(options: RunServiceOptions): Promise<never> {
  const { name, logger, build, stopTimeoutMs = 10_000 } = options;
  const ending = listenForEnd(logger);
  let service: Service | undefined;
  let failure: unknown;
  try {
    service = await build({ requestExit: ending.request, signal: ending.signal });
    if (!ending.signal.aborted) {
      await service.start(ending.signal);
      logger.info({ event: 'service_started', service: name }, 'started');
    }
  } catch (error) {
    // a start that was cut short by a signal fails because of it: that is no failure
    failure = ending.signal.aborted ? undefined : error;
  }
  const request = failure === undefined ? await ending.requested : undefined;
  const clean = await stopWithin(service, logger, stopTimeoutMs);
  const code = request === undefined ? reportFailure(failure, logger) : clean ? request.exitCode : EXIT.failure;
  logger.info({ event: 'service_stopped', service: name, exit_code: code }, 'stopped');
  return process.exit(code);
}

/**
 * Runs a command's body and ends the process only when it fails, in the way of `runService`: for what comes before a service
 * runs (settings) and for short commands.
 */
export async function runMain(body: () => Promise<void> | void): Promise<void> {
  try {
    await body();
  } catch (error) {
    process.exit(reportFailure(error));
  }
}

interface Ending {
  signal: AbortSignal;
  requested: Promise<ExitRequest>;
  request: (exitCode: number, reason: string) => void;
}

function listenForEnd(logger: Logger): Ending {
  const abort = new AbortController();
  const requested = new Promise<ExitRequest>((resolve) => {
    abort.signal.addEventListener('abort', () => resolve(abort.signal.reason as ExitRequest), { once: true });
  });
  const request = (exitCode: number, reason: string): void => {
    if (!abort.signal.aborted) {
      logger.info({ event: 'service_stopping', exit_code: exitCode, reason }, 'stopping');
      abort.abort(new ExitRequest(exitCode, reason));
    }
  };
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    signals += 1;
    if (signals > 1) {
      logger.warn({ event: 'service_killed', signal }, 'second signal: leaving at once');
      process.exit(EXIT.secondSignal);
    }
    request(EXIT.ok, signal);
  };
  const onError = (error: unknown): void => {
    if (error instanceof ExitRequest) {
      request(error.exitCode, error.message);
    } else {
      process.exit(reportFailure(error, logger));
    }
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  return { signal: abort.signal, requested, request };
}

/** Tells of a failure in the way it deserves; answers the exit code. */
function reportFailure(error: unknown, logger?: Logger): number {
  if (error instanceof ExitRequest) {
    return error.exitCode;
  }
  if (error instanceof UsageError) {
    const sentence = [error.message, error.remedy].filter((part) => part !== undefined).join(' ');
    process.stderr.write(`${redactUrl(sentence)}\n`);
    return EXIT.usage;
  }
  if (logger === undefined) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${redactUrl(text)}\n`);
  } else {
    const stack = error instanceof Error ? error.stack : undefined;
    logger.fatal({ event: 'service_failed', err: error, stack }, 'failed');
  }
  return EXIT.failure;
}

async function stopWithin(service: Service | undefined, logger: Logger, timeoutMs: number): Promise<boolean> {
  if (service === undefined) {
    return true;
  }
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`stop() took longer than ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([service.stop(), late]);
    return true;
  } catch (err) {
    logger.error({ event: 'service_stop_failed', err }, 'did not stop in order');
    return false;
  } finally {
    clearTimeout(timer);
  }
}
