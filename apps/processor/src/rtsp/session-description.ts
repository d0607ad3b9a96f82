import { RtspError } from './rtsp-error.ts';

/** A video track that the reader can take. */
export interface VideoTrack {
  readonly codec: 'h264' | 'hevc';
  readonly payloadType: number;
  /** As the description has it: absolute, relative, or empty. */
  readonly control: string;
  /** NAL units of the parameter sets that the description holds: VPS, SPS, PPS in this order. */
  readonly parameterSets: readonly Buffer[];
}

/** What a camera describes (SDP, RFC 8866; RFC 2326, C.1). */
export interface SessionDescription {
  /** Of the whole session; undefined where there is none. */
  readonly control: string | undefined;
  /** In their order; undefined: one that this reader does not take. */
  readonly videos: readonly (VideoTrack | undefined)[];
}

/** More than a camera has. */
const mostMedia = 32;
const longestSet = 4096;

interface Media {
  readonly kind: string;
  readonly payloadType: number;
  readonly attributes: readonly string[];
}

/** Never throws: what cannot be read is left out. */
export function parseSessionDescription(text: string): SessionDescription {
  const [session = '', ...sections] = text.split(/^m=/m).slice(0, mostMedia + 1);
  const videos = sections.map(parseMedia).filter(({ kind }) => kind === 'video');
  return { control: attributeOf(attributesOf(session), 'control'), videos: videos.map(videoTrack) };
}

/** Returns the track with an index among the video tracks. @throws RtspError `unsupported` */
export function chooseVideo({ videos }: SessionDescription, index: number): VideoTrack {
  const track = videos[index] ?? (index >= videos.length ? videos[0] : undefined);
  if (track === undefined) throw new RtspError('unsupported', 'the camera describes no H.264 or H.265 video');
  return track;
}

/** `video 0 RTP/AVP 96` and the lines that follow. */
function parseMedia(section: string): Media {
  const [kind = '', , , payloadType = ''] = (/^[^\r\n]*/.exec(section)?.[0] ?? '').split(' ');
  return { kind, payloadType: Number.parseInt(payloadType, 10), attributes: attributesOf(section) };
}

const attributesOf = (section: string): string[] =>
  section.split(/\r?\n/).flatMap((line) => (line.startsWith('a=') ? [line.slice(2).trim()] : []));

function attributeOf(attributes: readonly string[], name: string): string | undefined {
  return attributes
    .find((attribute) => attribute.startsWith(`${name}:`))
    ?.slice(name.length + 1)
    .trim();
}

const codecs: Readonly<Record<string, VideoTrack['codec']>> = { H264: 'h264', H265: 'hevc', HEVC: 'hevc' };

function videoTrack({ payloadType, attributes }: Media): VideoTrack | undefined {
  const [, encoding = ''] = /^\d+ +([\w-]+)/.exec(attributeOf(attributes, 'rtpmap') ?? '') ?? [];
  const codec = codecs[encoding.toUpperCase()];
  if (codec === undefined || !(payloadType >= 0 && payloadType <= 127)) return undefined;
  const parameters = formatParameters(attributeOf(attributes, 'fmtp') ?? '');
  // units that come in another order than they are decoded in (RFC 6184, 6.4; RFC 7798, 7.1)
  const reorders =
    parameters.get('packetization-mode') === '2' || Number(parameters.get('sprop-max-don-diff') ?? 0) > 0;
  if (reorders) return undefined;
  const names = codec === 'h264' ? ['sprop-parameter-sets'] : ['sprop-vps', 'sprop-sps', 'sprop-pps'];
  const parameterSets = names.flatMap((name) => unitsOf(parameters.get(name) ?? ''));
  return { codec, payloadType, control: attributeOf(attributes, 'control') ?? '', parameterSets };
}

/** `96 packetization-mode=1; sprop-parameter-sets=Z0IA,aM4=`. */
function formatParameters(text: string): Map<string, string> {
  const pairs = text.replace(/^\d+ +/, '').split(';');
  return new Map(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      return [pair.slice(0, Math.max(0, equals)).trim().toLowerCase(), pair.slice(equals + 1).trim()];
    }),
  );
}

function unitsOf(list: string): Buffer[] {
  const units = list.split(',').map((unit) => Buffer.from(unit, 'base64'));
  return units.filter(({ length }) => length > 1 && length <= longestSet);
}

/**
 * Resolves an address of a description (RFC 2326, C.1.1): `*` and nothing are the base itself. Cameras expect the text to be put
 * together, where a parser of URLs would drop the last part of the base.
 */
export function controlUrl(base: string, control: string): string {
  if (control === '' || control === '*') return base;
  if (/^rtsps?:\/\//i.test(control)) return control;
  const separator = base.endsWith('/') || control.startsWith('/') ? '' : '/';
  return `${base}${separator}${control}`;
}
