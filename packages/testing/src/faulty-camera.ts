import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { type AccessUnit, type AnnexBCodec, accessUnits, nalType, parameterSets } from './access-units.ts';
import { rtpPackets } from './rtp-packets.ts';

export interface FaultyCameraOptions {
  /** Annex-B file (`.h264`, `.hevc`), played in a loop on a clock: a reader joins where the camera is, also between keyframes. */
  readonly file: string;
  readonly fps: number;
  readonly codec?: AnnexBCodec;
  /** Where in the file the camera is when it starts. */
  readonly offsetSeconds?: number;
  /** Ends each session after this time. */
  readonly closeAfterSeconds?: number;
  /** Sends the last keyframe to each new reader at once. */
  readonly keyframeOnJoin?: boolean;
  /** Announces a video track before the real one and never sends it. */
  readonly silentFirstTrack?: boolean;
  /** Leaves the parameter sets out of the session's description: they come with the keyframes alone. */
  readonly parameterSetsInBandOnly?: boolean;
}

export interface FaultyCamera {
  /** `rtsp://127.0.0.1:PORT/0`. */
  readonly url: string;
  /** Sessions that began to play. */
  readonly sessions: number;
  stop(): Promise<void>;
}

/** Starts an RTSP camera (RFC 2326, interleaved over TCP) with the habits and faults of real ones. */
export async function startFaultyCamera(options: FaultyCameraOptions): Promise<FaultyCamera> {
  const { codec = 'h264', offsetSeconds = 0 } = options;
  const units = accessUnits(readFileSync(options.file), codec);
  const originMs = performance.now() - offsetSeconds * 1000;
  const sockets = new Set<Socket>();
  let sessions = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    const session = new Session({ socket, options, codec, units, originMs, onPlay: () => sessions++ });
    socket
      .on('data', (data) => session.take(data.toString('latin1')))
      .on('error', () => {})
      .on('close', () => {
        session.end();
        sockets.delete(socket);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `rtsp://127.0.0.1:${portOf(server)}/0`,
    get sessions() {
      return sessions;
    },
    stop: async () => {
      for (const socket of sockets) {
        socket.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface SessionOptions {
  readonly socket: Socket;
  readonly options: FaultyCameraOptions;
  readonly codec: AnnexBCodec;
  readonly units: readonly AccessUnit[];
  readonly originMs: number;
  readonly onPlay: () => void;
}

class Session {
  readonly #given: SessionOptions;
  #rest = '';
  #channel = 0;
  #sequence = 0;
  #next = 0;
  #timer: NodeJS.Timeout | undefined;
  #closer: NodeJS.Timeout | undefined;

  constructor(options: SessionOptions) {
    this.#given = options;
  }

  /** Requests end with an empty line; what a reader reports about its reception (RTCP, after `$`) is passed over. */
  take(text: string): void {
    this.#rest += text;
    for (;;) {
      const begin = this.#rest.search(/(OPTIONS|DESCRIBE|SETUP|PLAY|TEARDOWN|GET_PARAMETER) /);
      const end = begin < 0 ? -1 : this.#rest.indexOf('\r\n\r\n', begin);
      if (end < 0) return;
      this.#answer(this.#rest.slice(begin, end));
      this.#rest = this.#rest.slice(end + 4);
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#closer);
  }

  #answer(request: string): void {
    const [, method, url = ''] = /^(\w+) (\S+)/.exec(request) ?? [];
    const transport = /interleaved=(\d+)/.exec(request)?.[1];
    if (method === 'DESCRIBE') {
      const base = `Content-Base: ${url}/\r\nContent-Type: application/sdp\r\n`;
      this.#reply(request, base, this.#description());
    } else if (method === 'SETUP') {
      if (url.endsWith('/video')) {
        this.#channel = Number(transport);
      }
      const channels = `${transport}-${Number(transport) + 1}`;
      this.#reply(request, `Transport: RTP/AVP/TCP;unicast;interleaved=${channels}\r\nSession: 77\r\n`);
    } else if (method === 'PLAY') {
      this.#reply(request, 'Session: 77\r\nRange: npt=0-\r\n');
      this.#play();
    } else {
      this.#reply(request, 'Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\nSession: 77\r\n');
    }
  }

  #reply(request: string, headers: string, body = ''): void {
    const sequence = /CSeq: *(\d+)/i.exec(request)?.[1] ?? '0';
    const length = body === '' ? '' : `Content-Length: ${body.length}\r\n`;
    this.#given.socket.write(`RTSP/1.0 200 OK\r\nCSeq: ${sequence}\r\n${headers}${length}\r\n${body}`);
  }

  #description(): string {
    const { options, codec, units } = this.#given;
    const name = codec === 'hevc' ? 'H265' : 'H264';
    const track = (type: number, control: string): string[] => [
      `m=video 0 RTP/AVP ${type}`,
      `a=rtpmap:${type} ${name}/90000`,
      ...(options.parameterSetsInBandOnly === true ? [] : [`a=fmtp:${type} ${formatParameters(units, codec)}`]),
      `a=control:${control}`,
    ];
    const silent = options.silentFirstTrack === true ? track(98, 'silent') : [];
    const lines = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=camera', 't=0 0', ...silent, ...track(96, 'video')];
    return `${lines.join('\r\n')}\r\n`;
  }

  #play(): void {
    const { options, units, originMs, onPlay } = this.#given;
    onPlay();
    const now = Math.floor(((performance.now() - originMs) / 1000) * options.fps);
    this.#next = now;
    while (options.keyframeOnJoin === true && units[this.#next % units.length]?.key === false) {
      this.#next--;
    }
    const startMs = performance.now() - (this.#next / options.fps) * 1000;
    this.#send(startMs);
    if (options.closeAfterSeconds !== undefined) {
      this.#closer = setTimeout(() => this.#given.socket.destroy(), options.closeAfterSeconds * 1000);
    }
  }

  #send(startMs: number): void {
    const { socket, options, codec, units } = this.#given;
    const unit = units[this.#next % units.length] as AccessUnit;
    const timestamp = Math.round((this.#next / options.fps) * 90_000) >>> 0;
    socket.cork();
    for (const packet of rtpPackets(unit.nals, { codec, timestamp, sequence: this.#sequence })) {
      this.#sequence++;
      socket.write(Buffer.from([0x24, this.#channel, packet.length >> 8, packet.length & 255]));
      socket.write(packet);
    }
    socket.uncork();
    this.#next++;
    const dueMs = startMs + (this.#next / options.fps) * 1000;
    this.#timer = setTimeout(() => this.#send(startMs), Math.max(0, dueMs - performance.now()));
  }
}

/** RFC 6184 §8.1, RFC 7798 §7.1. */
function formatParameters(units: readonly AccessUnit[], codec: AnnexBCodec): string {
  const sets = parameterSets(units, codec);
  if (codec === 'h264') {
    return `packetization-mode=1;sprop-parameter-sets=${sets.map((set) => set.toString('base64')).join(',')}`;
  }
  const names: Readonly<Record<number, string>> = { 32: 'sprop-vps', 33: 'sprop-sps', 34: 'sprop-pps' };
  return sets.map((set) => `${names[nalType(set, codec)]}=${set.toString('base64')}`).join(';');
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
