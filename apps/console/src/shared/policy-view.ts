import type { JsonRecord, PolicyChange, PolicyField } from '@vigilia/protocol';

/** The policy in force as the page edits it: as it is on the broker, also with fields that this version does not know. */
export interface PolicyView {
  readonly policy: JsonRecord;
  /** Of the policy in force; a change states the revision that was edited. */
  readonly revision: number;
  /** The newest first. */
  readonly changes: readonly PolicyChange[];
  /** Every known setting, groups before their fields. */
  readonly fields: readonly PolicyField[];
}

/** What the orchestrator would do: a step of the answer to `plan`. */
export interface PlannedStep {
  readonly kind: string;
  /** In English. */
  readonly text: string;
  readonly instance_id?: string | undefined;
  readonly rooms?: readonly number[] | undefined;
  readonly command?: string | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly incident_id?: string | undefined;
}
