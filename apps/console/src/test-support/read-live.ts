export interface LiveStream {
  /** Everything that has arrived. */
  text(): string;
  /** The server has ended it. */
  ended(): boolean;
  close(): void;
}

/** Reads `GET api/live` as a page does. @param url where the page is */
export async function readLive(url: string, cookie: string): Promise<LiveStream> {
  const stop = new AbortController();
  const response = await fetch(`${url}api/live`, { headers: { cookie }, signal: stop.signal });
  let text = '';
  let ended = false;
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
    }
  };
  void read()
    .catch(() => undefined)
    .finally(() => {
      ended = true;
    });
  return { text: () => text, ended: () => ended, close: () => stop.abort() };
}
