import type { ClipMode } from '@vigilia/protocol';

/** `POST api/incidents/:id/clip`: the seconds around a fall. */
export interface ClipView {
  readonly mode: ClipMode;
  /** In the order of their times; of all processors that had the room. */
  readonly frames: readonly {
    /** When the camera sent it (ISO 8601). */
    readonly at: string;
    /** JPEG, base64. */
    readonly jpeg: string;
  }[];
}
