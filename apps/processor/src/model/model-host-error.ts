/** `lost`: the host died or hung with this frame in it; `failed`: the model refused the frame; `stopped`: the host was ended. */
export type ModelHostErrorCode = 'lost' | 'failed' | 'stopped';

/** An inference that has no result. The room goes on with its next frame. */
export class ModelHostError extends Error {
  override readonly name = 'ModelHostError';
  readonly code: ModelHostErrorCode;

  constructor(code: ModelHostErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
