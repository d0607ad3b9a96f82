/** Every stable error code of an ACK (`error.code`), with what it means to the sender of the command. */
export const errorCodes = {
  invalid_json: 'The message is not JSON.',
  invalid_command: 'The message is JSON, but not a command: `command` is missing or a field has the wrong type.',
  unknown_command: 'No command has this name.',
  invalid_params: 'A parameter is missing, of the wrong type or out of range.',
  unknown_stream: 'The room is not monitored: not by this processor or, in an answer of the orchestrator, not at all.',
  stream_exists: 'The room is monitored already.',
  model_not_found: 'No model of this id is in MODELS_DIR.',
  model_invalid:
    'The model does not load, has an unknown layout or no person class, gives impossible numbers, or finds no person in the embedded picture of one (then `force` helps).',
  stream_unreachable: 'The camera gave no picture within the limit.',
  in_progress: 'The same command with the same parameters is running.',
  queue_full: '32 commands are waiting already.',
  expired: '`expires_at` had passed when the command came up.',
  timeout: 'The change was not ready within its limit.',
  stale_leader: 'The command comes from an orchestrator that no longer acts.',
  snapshots_off: 'The policy does not allow snapshots.',
  confirmation_required:
    'The command has a consequence that needs `confirmed: true`: a person is still on the floor, or a room is not monitored any more.',
  no_home: 'No processor can monitor the room: none runs that obeys commands, or not the one that was named.',
  policy_changed: 'The policy was changed after the revision that was edited: read it again, or set `force`.',
  undo_expired: 'The verdict was given too long ago to be taken back.',
  internal: 'An internal error of the service that answers; its log has the details.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** A command that fails in a way its sender can understand. The message is a whole sentence for people. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: ErrorCode;
  /** The parameter at fault, e.g. `model_id` or `zones.0.points`. */
  readonly field: string | undefined;

  constructor(code: ErrorCode, message: string, options: { field?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.field = options.field;
  }
}
