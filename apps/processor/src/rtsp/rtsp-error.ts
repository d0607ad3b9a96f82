/**
 * Why a session could not be opened or did not go on:
 * - `network`: no connection, or it broke;
 * - `refused`: the camera answered with a status that is not a success;
 * - `closed`: the camera closed the connection;
 * - `unsupported`: the camera sends what this reader does not read, or what RTSP does not allow. ffmpeg may read it.
 */
type RtspErrorKind = 'network' | 'refused' | 'closed' | 'unsupported';

/** An error of the RTSP reader. Its message never holds credentials. */
export class RtspError extends Error {
  readonly kind: RtspErrorKind;

  constructor(kind: RtspErrorKind, message: string) {
    super(message);
    this.name = 'RtspError';
    this.kind = kind;
  }
}

/** Words of the system's errors as ffmpeg prints them, so that both readers are explained alike (`ffmpeg-messages.ts`). */
const networkWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EPIPE: 'Connection reset by peer',
  EHOSTUNREACH: 'No route to host',
  ENETUNREACH: 'Network is unreachable',
  ENOTFOUND: 'Name or service not known',
  EAI_AGAIN: 'Name or service not known',
  ETIMEDOUT: 'Connection timed out',
};

/** Returns an error of a socket as one of the reader. The message of the original may hold an address, so it is left out. */
export function socketError({ code = 'unknown error' }: NodeJS.ErrnoException): RtspError {
  return new RtspError('network', networkWords[code] ?? `the connection failed (${code})`);
}
