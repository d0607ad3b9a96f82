import { redactUrl } from '@vigilia/service';
import type { EncodedFrame } from '@vigilia/vision';
import type { BlindCause } from './blindness.ts';

/** What ffmpeg reports about one frame: the size it has at the camera, and whether it is a keyframe. */
export interface FrameInfo extends EncodedFrame {
  readonly key: boolean;
  /** Presentation time in units of the input's time base; undefined where it has none. */
  readonly timestamp?: number | undefined;
}

/** What ffmpeg describes of one video track. */
interface VideoTrack {
  readonly codec: string;
  /** Without a size it cannot be decoded: nothing of it came while ffmpeg waited. */
  readonly sized: boolean;
}

/** What ffmpeg's standard error has reported so far; bounded, whatever a broken camera makes it print. */
export class FfmpegMessages {
  readonly #last: string[] = [];
  readonly #address: string;
  readonly #shownAddress: string;
  #rest = '';
  #input: string | undefined;
  #describesInput = false;
  #undecodablePackets = 0;
  readonly #tracks: VideoTrack[] = [];

  /** @param address that ffmpeg was given: it is recognised in whatever words stand around it */
  constructor(address = '') {
    this.#address = address;
    this.#shownAddress = redactUrl(address);
  }

  /** ffmpeg has read the stream's description: the camera was reached. */
  get opened(): boolean {
    return this.#input !== undefined;
  }

  /** Name of the demuxer (`rtsp`, `mpjpeg`, `image2` …); undefined until the input is open. */
  get format(): string | undefined {
    return this.#input;
  }

  get videoTracks(): readonly VideoTrack[] {
    return this.#tracks;
  }

  /** Packets of which a decoder could make no frame. */
  get undecodablePackets(): number {
    return this.#undecodablePackets;
  }

  /** Takes standard error as it comes; returns its lines about frames, in their order. */
  push(chunk: string): FrameInfo[] {
    const lines = (this.#rest + chunk).split('\n');
    // the beginning of a long line is kept: its end may be half an address
    this.#rest = (lines.pop() ?? '').slice(0, longestLine);
    return lines.flatMap((line) => this.#line(line.slice(0, longestLine)) ?? []);
  }

  /** The last error lines, without credentials. */
  errors(): readonly string[] {
    return this.#last;
  }

  #line(line: string): FrameInfo | undefined {
    const frame = frameInfo(line);
    if (frame !== undefined) return frame;
    this.#describe(line);
    if (/\[(error|fatal|panic)\]/.test(line)) {
      this.#undecodablePackets += undecodable.test(line) ? 1 : 0;
      const words = line.replace(/^\[[^\]]*@ 0x[0-9a-f]+\] /, '').replace(/\[(error|fatal|panic)\] /, '');
      this.#last.push(this.#redacted(words).slice(0, longestWords));
      if (this.#last.length > keptLines) {
        this.#last.shift();
      }
    }
    return undefined;
  }

  /** Tracks of the input; those of the outputs are described after it in the same words. */
  #describe(line: string): void {
    const input = /Input #0, ([\w,]+), from/.exec(line);
    if (input !== null) {
      [this.#input, this.#describesInput] = [input[1], true];
    } else if (/Output #0|Stream mapping/.test(line)) {
      this.#describesInput = false;
    }
    if (this.#describesInput && this.#tracks.length < mostTracks) {
      const track = videoTrack(line);
      if (track !== undefined) {
        this.#tracks.push(track);
      }
    }
  }

  #redacted(words: string): string {
    const known = this.#address === '' ? words : words.replaceAll(this.#address, () => this.#shownAddress);
    return redactUrl(known);
  }
}

/** Of fftools, up to version 6 and since: the decoder gave no frame. It may also conceal an error, which it reports in other words. */
const undecodable = /Error (?:while decoding stream|submitting packet to decoder)/;
const mostTracks = 100;
/** Characters that are read of a line, and that are shown of it. */
const longestLine = 16_384;
const longestWords = 2000;
const keptLines = 5;

/**
 * A line of the showinfo filter (libavfilter/vf_showinfo.c):
 * `[Parsed_showinfo_0 @ 0x…] [info] n:   7 pts:… fmt:yuv420p sar:1/1 s:1920x1080 i:P iskey:1 type:I`.
 */
export function frameInfo(line: string): FrameInfo | undefined {
  if (!line.includes('Parsed_showinfo')) return undefined;
  const match = /\] n: *\d+ pts: *(\S+) .* sar:(\d+)\/(\d+) s:(\d+)x(\d+) .*iskey:([01])/.exec(line);
  if (match === null) return undefined;
  const [pts, sarWidth, sarHeight, width, height] = match.slice(1, 6).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const sar = sarWidth > 0 && sarHeight > 0 ? sarWidth / sarHeight : 1;
  return { width, height, sar, key: match[6] === '1', timestamp: Number.isNaN(pts) ? undefined : pts };
}

/** `  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(progressive), 640x480 [SAR 1:1 DAR 4:3], …` (libavformat/dump.c). */
function videoTrack(line: string): VideoTrack | undefined {
  const match = /Stream #0:\d+.*: Video: (\w+)(.*)/.exec(line);
  return match?.[1] === undefined ? undefined : { codec: match[1], sized: /, \d+x\d+/.test(match[2] ?? '') };
}

/** Why a room has no frame. `final`: trying again at once would end the same way. */
export interface Trouble {
  readonly cause: BlindCause;
  readonly detail: string;
  readonly final: boolean;
  /** The next attempt is a different one: it need not wait. */
  readonly retryAtOnce?: boolean;
}

const known: readonly (readonly [RegExp, BlindCause, string, boolean])[] = [
  [/401 Unauthorized|403 Forbidden/i, 'unreachable', 'the camera refused the user name or password', true],
  [/404 Not Found/i, 'unreachable', 'the server knows no such stream (404)', true],
  [
    /453 Not Enough Bandwidth/i,
    'unreachable',
    'the camera has no session left (single_session closes the old one first)',
    false,
  ],
  [/Connection refused/i, 'unreachable', 'nothing listens at the address (connection refused)', false],
  [/No route to host|Network is unreachable/i, 'unreachable', 'the network has no way to the camera', false],
  [/Failed to resolve hostname|Name or service not known/i, 'unreachable', 'the host name is unknown', false],
  [
    /Connection timed out|Operation timed out|\btimed? ?out\b/i,
    'unreachable',
    'the camera did not answer in time',
    false,
  ],
  [/No such file or directory/i, 'unreachable', 'the file is not there', true],
  [/matches no streams|does not contain any stream/i, 'decoder', 'there is no video in the stream', true],
  [
    /Unknown decoder|Decoder .*not found|no decoder found|Could not find codec parameters/i,
    'decoder',
    'ffmpeg has no decoder for the stream',
    true,
  ],
  [
    /Invalid data found when processing input|moov atom not found/i,
    'decoder',
    'the stream is not a video that ffmpeg can read',
    true,
  ],
  [
    /dimensions not set|Cannot determine format of input stream/i,
    'no_keyframe',
    'the camera sends, but no keyframe with the size of the picture',
    false,
  ],
  [
    /Unrecognized option|Option .* not found/i,
    'decoder',
    'this ffmpeg is too old (5.1 or later is needed) or lacks an option',
    true,
  ],
];

/** Explains why ffmpeg ended, from its last error lines and its exit. */
export function explainEnd(
  errors: readonly string[],
  exit: { readonly code: number | null; readonly signal: string | null },
): Trouble {
  const found = explainErrors(errors, 'ffmpeg');
  const lastLine = errors.at(-1);
  if (found !== undefined) return found;
  if (exit.signal !== null) return { cause: 'ended', detail: `ffmpeg was ended by ${exit.signal}`, final: false };
  if (exit.code === 0) return { cause: 'ended', detail: 'the stream came to its end', final: false };
  return {
    cause: 'decoder',
    detail: `ffmpeg ended with code ${exit.code}${lastLine ? `: ${lastLine}` : ''}`,
    final: false,
  };
}

/** Explains errors whose words are known; undefined: none of them is. */
export function explainErrors(errors: readonly string[], reporter: string): Trouble | undefined {
  const found = known.find(([pattern]) => errors.some((line) => pattern.test(line)));
  if (found === undefined) return undefined;
  const [pattern, cause, words, final] = found;
  return { cause, detail: `${words}; ${reporter} reported: ${errors.find((line) => pattern.test(line))}`, final };
}
