/** Exit codes of every process of Vigilia. */
export const EXIT = { ok: 0, failure: 1, usage: 2, takenOver: 3, secondSignal: 130 } as const;

/** Not a failure: the process is to stop in order and end with `exitCode` (0 = asked to stop, 3 = session taken over). */
export class ExitRequest extends Error {
  override readonly name = 'ExitRequest';
  readonly code = 'exit_requested';
  readonly exitCode: number;

  constructor(exitCode: number, reason = 'exit requested') {
    super(reason);
    this.exitCode = exitCode;
  }
}
