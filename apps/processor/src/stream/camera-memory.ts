import { KeyframeTrust } from './keyframe-trust.ts';

/** What is known of a camera and the processor's own reader. */
export interface OwnReaderTraits {
  /** Sessions, one after the other, that the camera agreed to and of which no packet came. */
  emptySessions: number;
  /** ffmpeg receives the camera. */
  givenUp: boolean;
}

/** What earlier attempts found out about a camera. Changed by those who open it and watch it. */
export interface CameraTraits {
  /**
   * How the address is read: as ffmpeg finds it; as a row of JPEG pictures whatever stands between them; or as a single picture
   * that is fetched again and again.
   */
  input: 'stream' | 'mjpeg' | 'stills';
  /** Index among the video tracks: the first one may never send. */
  videoTrack: number;
  /** How long ffmpeg may read until it knows the size of the frame, ms. */
  probeMs: number;
  /** Measured time between keyframes, ms. */
  keyframeIntervalMs: number | undefined;
  /** Keyframes came, and none could be decoded alone: open groups of pictures, intra refresh. */
  keyframesUndecodable: boolean;
  /** Whether its keyframes are decoded one at a time. */
  readonly keyframeTrust: KeyframeTrust;
  /** Packets after a keyframe that a decoder needs before it gives the keyframe's frame; undefined: it was not found out yet. */
  heldBackPackets: number | undefined;
  /** No packet came with which decoding can begin (intra refresh, no flags): its packets are of no use. */
  neverBegins: boolean;
  /** A codec whose packets cannot be kept: the camera is received and decoded by one ffmpeg. */
  foreignCodec: string | undefined;
  /** Whether the processor's own RTSP reader receives it. */
  readonly ownReader: OwnReaderTraits;
}

/** Long enough for the frame's size, which is known with the first packet of nearly every camera, ms. */
export const usualProbeMs = 4000;

/** For cameras that send the frame's size with a keyframe only, ms. */
export const patientProbeMs = 60_000;

export function newCameraTraits(): CameraTraits {
  return {
    input: 'stream',
    videoTrack: 0,
    probeMs: usualProbeMs,
    keyframeIntervalMs: undefined,
    keyframesUndecodable: false,
    keyframeTrust: new KeyframeTrust(),
    heldBackPackets: undefined,
    neverBegins: false,
    foreignCodec: undefined,
    ownReader: { emptySessions: 0, givenUp: false },
  };
}

/** More addresses than a processor has cameras: the oldest is forgotten then. */
const mostCameras = 1000;

/** Keeps what was found out about each camera, by its address: a stream that is opened anew does not find out again. */
export class CameraMemory {
  readonly #cameras = new Map<string, CameraTraits>();

  of(address: string): CameraTraits {
    const known = this.#cameras.get(address) ?? newCameraTraits();
    this.#cameras.set(address, known);
    const [oldest] = this.#cameras.keys();
    if (this.#cameras.size > mostCameras && oldest !== undefined) {
      this.#cameras.delete(oldest);
    }
    return known;
  }
}
