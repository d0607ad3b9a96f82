import { RuntimeError, type RuntimeErrorCode } from './runtime.ts';

/** The API server's HTTP status, when it was the API server who refused. */
export function apiStatus(error: unknown): number | undefined {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'number' ? code : undefined;
}

/** Turns a failed call into a `RuntimeError`, in the API server's own words (`message` of its Status). */
export function apiFailure(error: unknown, doing: string): RuntimeError {
  if (error instanceof RuntimeError) return error;
  const words = wordsOf(error);
  return new RuntimeError(codeOf(apiStatus(error), words), `${doing}: ${words}`, error);
}

function wordsOf(error: unknown): string {
  const { body, message } = (error ?? {}) as { readonly body?: unknown; readonly message?: string };
  const status = typeof body === 'string' ? parsed(body) : body;
  const words = (status as { readonly message?: unknown } | null | undefined)?.message;
  return typeof words === 'string' ? words : (message ?? 'unknown').split('\n', 1).join();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(status: number | undefined, words: string): RuntimeErrorCode {
  if (status === undefined || status >= 500 || status === 429) return 'unreachable';
  if (/exceeded quota/i.test(words)) return 'no_resources';
  return [400, 401, 403, 422].includes(status) ? 'refused' : 'failed';
}
