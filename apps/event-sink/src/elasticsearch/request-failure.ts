import { errors } from '@elastic/elasticsearch';
import { asRecord, asText } from '../schema/json-fields.ts';
import { UnsupportedServerError } from './server-version.ts';

/** Why a whole request failed, and what that asks for. */
export interface RequestFailure {
  /**
   * `split`: the request is too large; `wait`: try again later; `examine`: either one document spoils the request or the server takes no
   * request at all.
   */
  readonly remedy: 'split' | 'wait' | 'examine';
  /** Stable word for logs and metrics: `connection`, `timeout`, `status_429` … */
  readonly reason: string;
  readonly message: string;
  readonly status?: number;
  /** What the other side asked us to wait. */
  readonly retryAfterMs?: number | undefined;
}

const MAX_RETRY_AFTER_MS = 120_000;
const REMEDIES: Readonly<Record<number, RequestFailure['remedy']>> = { 400: 'examine', 406: 'examine', 413: 'split' };

/** Classifies whatever the client threw. */
export function failureOf(error: unknown): RequestFailure {
  const message = error instanceof Error ? error.message.slice(0, 500) : String(error);
  if (error instanceof UnsupportedServerError) return { remedy: 'wait', reason: error.code, message };
  if (error instanceof errors.ResponseError) {
    const status = error.statusCode ?? 0;
    const remedy = REMEDIES[status] ?? 'wait';
    const type = asText(asRecord(asRecord(error.body)?.error)?.type);
    const after = retryAfter(error.headers?.['retry-after']);
    return {
      remedy,
      reason: `status_${status}`,
      message: type ?? message,
      status,
      retryAfterMs: after,
    };
  }
  if (error instanceof errors.TimeoutError) return { remedy: 'wait', reason: 'timeout', message };
  if (error instanceof errors.ProductNotSupportedError) return { remedy: 'wait', reason: 'not_elasticsearch', message };
  if (error instanceof errors.DeserializationError) return { remedy: 'wait', reason: 'half_answer', message };
  return { remedy: 'wait', reason: 'connection', message };
}

function retryAfter(header: unknown): number | undefined {
  const seconds = Number(header);
  return header === undefined || !Number.isFinite(seconds) || seconds < 0
    ? undefined
    : Math.min(seconds * 1000, MAX_RETRY_AFTER_MS);
}
