/**
 * `lost`: the host died or hung on this frame; `untouched`: it did so before it came to this frame, which may be asked again;
 * `failed`: the model refused the frame; `stopped`: the host was ended.
 */
export type ModelHostErrorCode = 'lost' | 'untouched' | 'failed' | 'stopped';

/** An inference that has no result. The room goes on with its next frame. */
export class ModelHostError extends Error {
  override readonly name = 'ModelHostError';
  readonly code: ModelHostErrorCode;

  constructor(code: ModelHostErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
