import { fetch, type Response } from 'undici';
import { proxyDispatcher } from './proxy.ts';
import { networkError, SendError } from './target.ts';

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, unless the headers name another content type. */
  readonly body: string | Uint8Array;
  readonly signal: AbortSignal;
  /** What to look at when the other side does not let us in. */
  readonly credential: string;
}

/** Posts a body; resolves at an answer of 2xx. Redirects are not followed. @throws SendError; the signal's reason */
export async function post({ url, headers, body, signal, credential }: Post): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'vigilia-notifier', ...headers },
      body,
      signal,
      redirect: 'manual',
      dispatcher: proxyDispatcher,
    });
    // Read to its end, so that the connection can be used again; its content is not repeated.
    await answer.arrayBuffer();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw networkError(codeOf(error));
  }
  if (!answer.ok) throw refusal(answer, credential);
}

/** Returns the system's code of a failed fetch, where there is one. */
export function codeOf(error: unknown): string | undefined {
  const cause = (error as { cause?: unknown }).cause as { code?: unknown; errors?: unknown[] } | undefined;
  const code = cause?.code ?? (cause?.errors?.[0] as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

function refusal(answer: Response, credential: string): SendError {
  const { status } = answer;
  const message = `The server answered ${status}.`;
  if (status === 401 || status === 403)
    return new SendError({ code: 'unauthorized', message, remedy: `Check ${credential}.` });
  if (status === 404 || status === 405 || (status >= 300 && status < 400))
    return new SendError({
      code: 'not_found',
      message,
      remedy: 'Check the address in the alerts file, path included.',
    });
  if (status === 429 || status === 503)
    return new SendError({
      code: 'busy',
      message,
      remedy: 'It is asked again later; send it less, or raise its limit.',
      retryAfterMs: retryAfterMs(answer.headers.get('retry-after')),
    });
  if (status >= 500) return new SendError({ code: 'server_error', message, remedy: 'Look at the log of that server.' });
  return new SendError({
    code: 'refused',
    message,
    remedy: 'Look at the log of that server: it does not accept the message.',
  });
}

/** Only the form in seconds; at most ten minutes, as a person may lie on the floor. */
function retryAfterMs(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Math.min(Number(header), 600) * 1000 : undefined;
}
