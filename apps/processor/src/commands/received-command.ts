/** Where an answer goes besides our own topics: MQTT 5 response topic, with the request's correlation data. */
export interface ReplyTo {
  readonly topic: string;
  readonly correlationData: Buffer | undefined;
}

/** A command that addresses this processor, on its way from the topic to its answer. */
export interface ReceivedCommand {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly commandId: string;
  readonly traceId: string | undefined;
  /** Wall clock, ms; infinite when it never expires. */
  readonly expiresAtMs: number;
  /** The name we had when it came: its sender listens there, also after `rename_instance`. */
  readonly receivedAs: string;
}
