import { z } from 'zod';
import { within } from '../within.ts';

/** go2rtc did not do what was asked. The message never contains an address of a camera. */
export class Go2rtcError extends Error {
  override readonly name = 'Go2rtcError';
  readonly code: 'go2rtc_unreachable' | 'go2rtc_refused';

  constructor(code: Go2rtcError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/**
 * `GET /api/streams` of go2rtc 1.9 (internal/streams/producer.go): a producer that is connected has its address in `source`, one that
 * is not in `url`.
 */
const streamsSchema = z.record(
  z.string(),
  z.looseObject({
    producers: z.array(z.looseObject({ url: z.string().optional(), source: z.string().optional() })).nullish(),
  }),
);

interface Go2rtcAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly text: string;
}

const answerWithinMs = 5000;

/** Reads and changes the cameras of go2rtc through its HTTP API. */
export class Go2rtc {
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;

  /** @param url such as `http://127.0.0.1:1984`; user and password of it are sent as basic authentication */
  constructor(url: string) {
    const { username, password } = new URL(url);
    this.#base = new URL(url);
    this.#base.username = '';
    this.#base.password = '';
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.#headers =
      username === '' ? {} : { authorization: `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}` };
  }

  /**
   * Returns the names of all streams, in their order.
   * @throws Go2rtcError
   */
  async names(): Promise<readonly string[]> {
    return Object.keys(await this.#streams());
  }

  /**
   * Returns the addresses of a stream's cameras; undefined: no stream has this name.
   * @throws Go2rtcError
   */
  async sourcesOf(name: string): Promise<readonly string[] | undefined> {
    const streams = await this.#streams();
    const stream = Object.hasOwn(streams, name) ? streams[name] : undefined;
    return stream === undefined
      ? undefined
      : (stream.producers ?? []).flatMap(({ source, url }) => source ?? url ?? []);
  }

  /**
   * Adds a stream or replaces its cameras. Returns whether go2rtc also wrote it into its file: where it may only read the file, the
   * change is in force until go2rtc ends.
   * @throws Go2rtcError
   */
  async put(name: string, sources: readonly string[]): Promise<{ readonly written: boolean }> {
    const response = await this.#ask('PUT', [['name', name], ...sources.map((source) => ['src', source] as const)]);
    if (response.ok) return { written: true };
    // go2rtc answers 400 both to an address that it refuses and when only its file could not be written
    const inForce = await this.sourcesOf(name);
    if (inForce?.join('\n') === sources.join('\n')) return { written: false };
    throw refused(`it answered ${response.status} and did not take the address`);
  }

  /** @throws Go2rtcError */
  async remove(name: string): Promise<void> {
    const response = await this.#ask('DELETE', [['src', name]]);
    if (response.ok || (await this.sourcesOf(name)) === undefined) return;
    throw refused(`it answered ${response.status} and kept the stream`);
  }

  async #streams(): Promise<z.infer<typeof streamsSchema>> {
    const { ok, status, text } = await this.#ask('GET');
    const streams = streamsSchema.safeParse(jsonOf(text));
    if (!ok || !streams.success) throw refused(`it answered ${status} with no list of streams`);
    return streams.data;
  }

  async #ask(method: string, query: readonly (readonly [string, string])[] = []): Promise<Go2rtcAnswer> {
    const url = new URL('api/streams', this.#base.href.replace(/\/*$/, '/'));
    for (const [name, value] of query) {
      url.searchParams.append(name, value);
    }
    using limit = within(answerWithinMs);
    try {
      const response = await fetch(url, { method, headers: this.#headers, signal: limit.signal });
      return { ok: response.ok, status: response.status, text: await response.text() };
    } catch (cause) {
      throw new Go2rtcError('go2rtc_unreachable', `go2rtc at ${this.#base.host} does not answer.`, cause);
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(what: string): Go2rtcError {
  return new Go2rtcError('go2rtc_refused', `go2rtc did not change the camera: ${what}.`);
}
