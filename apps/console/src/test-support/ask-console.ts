import { withoutUndefined } from '@vigilia/protocol';
/** What a signed-in person's requests carry. */
export interface Signed {
  readonly cookie: string;
  readonly csrfToken: string;
}

export interface ConsoleClient {
  post(path: string, body: unknown, signed?: Partial<Signed>, headers?: Record<string, string>): Promise<Response>;
  signIn(name: string, password: string): Promise<Signed>;
}

/** Speaks to a console as its page does. @param url where the page is, asked for anew each time */
export function consoleClient(url: () => string): ConsoleClient {
  const post: ConsoleClient['post'] = (path, body, signed, headers = {}) =>
    fetch(`${url()}api/${path}`, {
      method: 'POST',
      headers: withoutUndefined({
        'content-type': 'application/json',
        cookie: signed?.cookie,
        'x-csrf-token': signed?.csrfToken,
        ...headers,
      }),
      body: JSON.stringify(body),
    });
  return {
    post,
    signIn: async (name, password) => {
      const response = await post('sign-in', { name, password });
      const { csrfToken } = (await response.json()) as { csrfToken: string };
      return { csrfToken, cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' };
    },
  };
}

/** The code of a refusal. */
export async function codeOf(response: Response): Promise<string | undefined> {
  return ((await response.json()) as { error?: { code: string } }).error?.code;
}
