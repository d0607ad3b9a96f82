import type { Clock, Timer } from '@vigilia/service';
import type { AccessUnitWriterOptions } from './access-unit-writer.ts';
import { Depacketizer } from './depacketizer.ts';
import { parseRtspAddress, type RtspAddress, redirectedAddress } from './rtsp-address.ts';
import { neededHeader, RtspConnection, refusal } from './rtsp-connection.ts';
import { RtspError } from './rtsp-error.ts';
import { headerOf, interleavedChannel, parseSession, type RtspMessage } from './rtsp-message.ts';
import { chooseVideo, controlUrl, parseSessionDescription, type VideoTrack } from './session-description.ts';

export interface RtspSessionOptions {
  readonly address: string;
  /** Index among the video tracks of the camera. */
  readonly videoTrack: number;
  readonly clock: Clock;
  readonly onPacket: AccessUnitWriterOptions['onPacket'];
  readonly onUseless: AccessUnitWriterOptions['onUseless'];
  /** See `RtspConnection`. */
  readonly readsOn: (bytes: number) => boolean;
  /** The camera has agreed to send. */
  readonly onPlaying: () => void;
  /** It ended without being asked to. Called once. */
  readonly onEnd: (error: RtspError) => void;
}

const mostRedirects = 3;

/** One RTSP 1.0 session at a camera (RFC 2326), the packets of one video track through its connection. */
export class RtspSession {
  readonly #options: RtspSessionOptions;
  #connection: RtspConnection | undefined;
  #depacketizer: Depacketizer | undefined;
  #channel: number | undefined;
  #track: VideoTrack | undefined;
  #videoTracks = 0;
  #methods = '';
  /** For requests that concern the whole session. */
  #url = '';
  #sessionId: string | undefined;
  #keepAlive: Timer | undefined;
  #playing = false;
  #ended = false;

  constructor(options: RtspSessionOptions) {
    this.#options = options;
  }

  /** Tracks that the camera has described; 0 until then. */
  get videoTracks(): number {
    return this.#videoTracks;
  }

  get track(): VideoTrack | undefined {
    return this.#track;
  }

  get size(): Depacketizer['size'] {
    return this.#depacketizer?.size;
  }

  /** The camera has agreed to send. */
  get playing(): boolean {
    return this.#playing;
  }

  /** Continues to read. */
  resume(): void {
    this.#connection?.resume();
  }

  /** Opens it; what happens is reported by `onEnd` or the first packet. */
  start(): void {
    this.#open().catch((error: unknown) => this.#fail(error));
  }

  /** Resolves when the connection is closed. */
  async stop(): Promise<void> {
    this.#ended = true;
    this.#keepAlive?.cancel();
    const last =
      this.#sessionId === undefined ? undefined : { method: 'TEARDOWN', url: this.#url, headers: this.#ids() };
    await this.#connection?.close(last);
  }

  async #open(): Promise<void> {
    let address = parseRtspAddress(this.#options.address);
    let description = await this.#describe(address);
    for (let redirects = 0; 'location' in description; redirects++) {
      if (redirects === mostRedirects) throw new RtspError('unsupported', 'the camera redirects again and again');
      address = redirectedAddress(address, description.location);
      await this.#connection?.close();
      if (this.#ended) return;
      description = await this.#describe(address);
    }
    await this.#setUp(description.answer, address);
    await this.#play();
  }

  async #describe(address: RtspAddress): Promise<{ readonly answer: RtspMessage } | { readonly location: string }> {
    const { readsOn } = this.#options;
    const connection = new RtspConnection({
      address,
      readsOn,
      onPacket: (channel, memory, from, to) => this.#onPacket(channel, memory, from, to),
      onGarbage: () => this.#depacketizer?.damage(),
      onEnd: (error) => {
        if (connection === this.#connection) {
          this.#fail(error);
        }
      },
    });
    this.#connection = connection;
    const { url } = address;
    const options = await connection.request({ method: 'OPTIONS', url, headers: {} });
    this.#methods = headerOf(options, 'public') ?? '';
    const answer = await connection.request({ method: 'DESCRIBE', url, headers: { Accept: 'application/sdp' } });
    const { status = 0 } = answer;
    if (status >= 300 && status < 400) return { location: neededHeader(answer, 'location') };
    if (status !== 200) throw refusal('DESCRIBE', answer);
    return { answer };
  }

  async #setUp(described: RtspMessage, { url }: RtspAddress): Promise<void> {
    const { videoTrack, onPacket, onUseless } = this.#options;
    const base = headerOf(described, 'content-base') ?? headerOf(described, 'content-location') ?? url;
    const description = parseSessionDescription(described.body);
    this.#videoTracks = description.videos.length;
    const track = chooseVideo(description, videoTrack);
    this.#track = track;
    this.#url = controlUrl(base, description.control ?? '');
    const { codec, payloadType, parameterSets } = track;
    this.#depacketizer = new Depacketizer({ codec, payloadType, parameterSets, onPacket, onUseless });
    const answer = await this.#request({
      method: 'SETUP',
      url: controlUrl(base, track.control),
      headers: { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' },
    });
    if (answer.status !== 200) throw refusal('SETUP', answer);
    this.#channel = interleavedChannel(neededHeader(answer, 'transport'));
    if (this.#channel === undefined)
      throw new RtspError('unsupported', 'the camera does not send through the connection');
    const { id, timeoutSeconds } = parseSession(neededHeader(answer, 'session'));
    this.#sessionId = id;
    this.#keepAliveEvery(timeoutSeconds * 500);
  }

  async #play(): Promise<void> {
    const headers = Object.assign({ Range: 'npt=0.000-' }, this.#ids());
    const answer = await this.#request({ method: 'PLAY', url: this.#url, headers });
    if (answer.status !== 200) throw refusal('PLAY', answer);
    this.#playing = true;
    this.#options.onPlaying();
  }

  async #request(request: Parameters<RtspConnection['request']>[0]): Promise<RtspMessage> {
    if (this.#connection === undefined || this.#ended) throw new RtspError('closed', 'the session has ended');
    return this.#connection.request(request);
  }

  #ids(): Record<string, string | undefined> {
    return { Session: this.#sessionId };
  }

  /** A camera ends a session of which it hears nothing; what it answers is of no use. */
  #keepAliveEvery(intervalMs: number): void {
    this.#keepAlive = this.#options.clock.setTimeout(() => {
      const method = /\bGET_PARAMETER\b/i.test(this.#methods) ? 'GET_PARAMETER' : 'OPTIONS';
      if (this.#playing) {
        this.#request({ method, url: this.#url, headers: this.#ids() }).catch(() => {});
      }
      this.#keepAliveEvery(intervalMs);
    }, intervalMs);
  }

  #onPacket(channel: number, memory: Buffer, from: number, to: number): void {
    if (channel === (this.#channel ?? 0)) {
      this.#depacketizer?.packet(memory, from, to);
    }
  }

  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#keepAlive?.cancel();
    void this.#connection?.close();
    this.#options.onEnd(error instanceof RtspError ? error : new RtspError('unsupported', 'an answer cannot be read'));
  }
}
