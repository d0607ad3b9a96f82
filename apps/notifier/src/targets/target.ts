import type { AlertMessage } from './alert-message.ts';

/** A connection that a target keeps open, so that its loss is noticed before a call is needed. */
interface TargetLink {
  /** Opens the connection and keeps it open. */
  start(): void;
  stop(): void;
  /** Returns for how long the other side has not been heard, ms; undefined while the link works. */
  lostForMs(): number | undefined;
}

/** A person took a call of this incident at their own device. */
export interface AcceptedCall {
  readonly incidentId: string;
  readonly by: string;
}

/** A way to reach people. */
export interface Target {
  readonly name: string;
  readonly type: 'webhook' | 'ntfy' | 'email' | 'web_push' | 'espa' | 'espa-x';
  /** One attempt may take this long, ms. */
  readonly timeoutMs: number;
  /** Only targets that keep a connection have one. */
  readonly link?: TargetLink;
  /** Notes a message that was sent before the last start, in order, for targets that keep track of their calls. */
  recall?(message: AlertMessage): void;
  /** Resolves when the other side has the message. @throws SendError; the signal's reason when it aborts first */
  send(message: AlertMessage, signal: AbortSignal): Promise<void>;
}

/**
 * A message did not get through. `code` is stable: `unreachable`, `timeout`, `tls`, `refused`, `unauthorized`,
 * `not_found`, `busy`, `server_error`. Neither text holds an address or a secret.
 */
export class SendError extends Error {
  override readonly name = 'SendError';
  readonly code: string;
  readonly remedy: string;
  /** The other side may have taken the message all the same: it did not answer, or failed over it. */
  readonly mayHaveArrived: boolean;
  /** The other side asked not to be bothered before this. */
  readonly retryAfterMs: number | undefined;

  constructor(options: {
    code: string;
    message: string;
    remedy: string;
    retryAfterMs?: number | undefined;
    mayHaveArrived?: boolean;
  }) {
    super(options.message);
    this.code = options.code;
    this.remedy = options.remedy;
    this.mayHaveArrived = options.mayHaveArrived ?? ['timeout', 'server_error'].includes(options.code);
    this.retryAfterMs = options.retryAfterMs;
  }
}

const tlsCodes = /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/;

/** A failure of the network, below the protocol, by its system code. */
export function networkError(code: string | undefined): SendError {
  if (code !== undefined && tlsCodes.test(code)) {
    const remedy = 'Check its certificate; a private authority is trusted with NODE_EXTRA_CA_CERTS (e-mail: ca_file).';
    return new SendError({ code: 'tls', message: `The server’s certificate is not trusted (${code}).`, remedy });
  }
  const remedy = 'Check the address and port in the alerts file, the network, and whether the server runs.';
  return new SendError({
    code: 'unreachable',
    message: `The server cannot be reached (${code ?? 'no answer'}).`,
    remedy,
  });
}
