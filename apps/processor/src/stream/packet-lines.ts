import type { PipeReader } from './own-pipe.ts';

/** What ffmpeg describes of the track that it copies. */
export interface PacketTrack {
  /** ffmpeg's name: `h264`, `hevc`, `mjpeg` … */
  readonly codec: string;
  /** Coded size, px. */
  readonly width: number;
  readonly height: number;
  /** Sample aspect ratio `width/height`; `0/1` where the camera does not report it. */
  readonly sar: string;
}

/** A packet as ffmpeg describes it. */
export interface PacketLine {
  readonly key: boolean;
  readonly bytes: number;
}

/**
 * Reads the lines that ffmpeg's framecrc muxer writes (libavformat/framecrcenc.c): first about the track, as in `#codec_id 0: h264`,
 * then about each packet: `0,      18003,      18003,     9000,    10724, 0xd65e03c6, F=0x0`. The fifth column is its size in bytes;
 * the flags `F` are left out where the packet is a keyframe alone.
 */
export class PacketLines implements PipeReader {
  readonly #onPacket: (packet: PacketLine) => void;
  readonly #header = new Map<string, string>();
  readonly #buffer = Buffer.allocUnsafeSlow(bufferBytes);
  #rest = '';

  constructor(options: { readonly onPacket: (packet: PacketLine) => void }) {
    this.#onPacket = options.onPacket;
  }

  /** Known before the first packet. */
  get track(): PacketTrack {
    const [width = 0, height = 0] = (this.#header.get('dimensions') ?? '').split('x').map(Number);
    return { codec: this.#header.get('codec_id') ?? '', width, height, sar: this.#header.get('sar') ?? '0/1' };
  }

  freeSpace(): Buffer {
    return this.#buffer;
  }

  filled(bytes: number): void {
    this.push(this.#buffer.toString('latin1', 0, bytes));
  }

  push(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = (lines.pop() ?? '').slice(-maxLine);
    for (const line of lines) {
      if (/^\d+,/.test(line)) {
        this.#onPacket({ key: isKeyframe(line), bytes: Number(line.split(',')[4]) });
      } else {
        this.#describe(line);
      }
    }
  }

  #describe(line: string): void {
    const [, name, value] = /^#(codec_id|dimensions|sar) 0: (\S+)/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      this.#header.set(name, value);
    }
  }
}

const bufferBytes = 16_384;
const maxLine = 1000;
/** AV_PKT_FLAG_KEY. */
const keyFlag = 1;

function isKeyframe(line: string): boolean {
  const flags = /, F=0x([0-9A-Fa-f]+)/.exec(line)?.[1];
  return flags === undefined || (Number.parseInt(flags, 16) & keyFlag) !== 0;
}
