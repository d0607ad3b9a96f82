/** `record_too_large`, `spool_full` (this record's priority has no room), `spool_locked`, `spool_unusable`, `internal`. */
export type SpoolErrorCode = 'record_too_large' | 'spool_full' | 'spool_locked' | 'spool_unusable' | 'internal';

export class SpoolError extends Error {
  readonly code: SpoolErrorCode;

  constructor(code: SpoolErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SpoolError';
    this.code = code;
  }
}
