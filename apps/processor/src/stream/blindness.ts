/**
 * `no_keyframe`: the camera sends, but nothing that a decoder can begin with; `dark`, `covered`: its frames come, and nothing can be
 * seen in them.
 */
export const blindCauses = [
  'starting',
  'unreachable',
  'silent',
  'no_keyframe',
  'frozen',
  'ended',
  'decoder',
  'model_failed',
  'dark',
  'covered',
] as const;
export type BlindCause = (typeof blindCauses)[number];

/** Why a room cannot be seen. */
export interface Blindness {
  readonly cause: BlindCause;
  /** Wall clock, ms. */
  readonly sinceMs: number;
  readonly detail?: string;
}
