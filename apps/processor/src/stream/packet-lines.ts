/**
 * Reads the lines that ffmpeg's framecrc muxer writes about each packet (libavformat/framecrcenc.c):
 * `0,      18003,      18003,     9000,    10724, 0xd65e03c6, F=0x0`; the flags `F` are left out where the packet is a keyframe alone.
 */
export class PacketLines {
  readonly #onPacket: (key: boolean) => void;
  #rest = '';

  constructor(options: { readonly onPacket: (key: boolean) => void }) {
    this.#onPacket = options.onPacket;
  }

  push(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = (lines.pop() ?? '').slice(-maxLine);
    for (const line of lines) {
      if (/^\d+,/.test(line)) {
        this.#onPacket(isKeyframe(line));
      }
    }
  }
}

const maxLine = 1000;
/** AV_PKT_FLAG_KEY. */
const keyFlag = 1;

function isKeyframe(line: string): boolean {
  const flags = /, F=0x([0-9A-Fa-f]+)/.exec(line)?.[1];
  return flags === undefined || (Number.parseInt(flags, 16) & keyFlag) !== 0;
}
