/** What became of a command that was sent from the page. */
export interface CommandAnswer {
  readonly commandId: string;
  /** All expected answers have arrived. */
  readonly complete: boolean;
  readonly answers: readonly {
    readonly from: string;
    readonly ok: boolean;
    readonly code?: string;
    readonly field?: string;
    readonly message?: string;
    /** What the command asked for: a status, a plan, metrics. */
    readonly result?: Readonly<Record<string, unknown>>;
  }[];
}

/** What became of zones that were saved. */
export interface ZonesResult extends CommandAnswer {
  /** The desired state has them, so that they remain when another processor takes the room. */
  readonly kept: boolean;
}

/** A command as the page builds its form: `schema` is the JSON schema of the parameters. */
export interface CommandForm {
  readonly to: 'processors' | 'orchestrator';
  readonly name: string;
  readonly summary: string;
  readonly schema: FormSchema;
}

/** The part of JSON schema that the forms understand; everything else is entered as JSON. */
export interface FormSchema {
  readonly type?: string;
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, FormSchema>>;
  readonly required?: readonly string[];
}
