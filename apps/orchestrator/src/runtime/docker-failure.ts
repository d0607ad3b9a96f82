import { RuntimeError, type RuntimeErrorCode } from './runtime.ts';

/** What dockerode puts on its errors: the engine's status and answer, or the socket's code. */
interface EngineFailure {
  readonly statusCode?: number;
  readonly json?: { readonly message?: string } | string | null;
  readonly code?: string;
  readonly message?: string;
}

/** The engine's HTTP status, when it was the engine who refused. */
export function engineStatus(error: unknown): number | undefined {
  return (error as EngineFailure | undefined)?.statusCode;
}

/** Lets these statuses of the engine pass as success. */
export function unless(...statuses: number[]): (error: unknown) => void {
  return (error) => {
    if (!statuses.includes(engineStatus(error) ?? 0)) throw error;
  };
}

/**
 * An engine's failure as ours. The engine's own words are in `json.message`; the `reason` that dockerode adds names the
 * usual cause of the status, which is often another one.
 */
export function toRuntimeError(error: unknown, doing: string): RuntimeError {
  if (error instanceof RuntimeError) return error;
  const { json, message = 'unknown' } = (error ?? {}) as EngineFailure;
  const words = typeof json === 'object' && json?.message ? json.message : message;
  return new RuntimeError(codeOf(error, words), `${doing}: ${words.trim()}`, error);
}

/** What an engine's message means where it gives no status. */
export function codeOfMessage(words: string): RuntimeErrorCode {
  if (/no such image/i.test(words)) return 'image_missing';
  if (/memory|no space|cannot allocate|resource|range of cpus/i.test(words)) return 'no_resources';
  return 'failed';
}

function codeOf(error: unknown, words: string): RuntimeErrorCode {
  const status = engineStatus(error);
  // 502 to 504 come from docker-proxy, when the engine behind it is unreachable.
  if (status === undefined || (status >= 502 && status <= 504)) return 'unreachable';
  if (status === 403 || status === 400) return 'refused';
  return codeOfMessage(words);
}
