import type { severities } from '@vigilia/protocol';
import { z } from 'zod';
import type { AlertKind } from '../config/alerts-schema.ts';
import type { DrawnReplay } from '../pictures/draw-replay.ts';

export type Severity = (typeof severities)[number];

/**
 * What happened to the case of a message. `replay`: the picture of the fall is there; `escalated_120`: no person had acknowledged 120 s after the alarm; `repeated_…`: the same targets
 * again; `returned_…`: acknowledged, and the person is still down; `reopened`: after `closed`, the verdict was taken back.
 */
export const stepSchema = z.union([
  z.enum(['raised', 'replay', 'acknowledged', 'recovered', 'closed', 'reopened']),
  z.templateLiteral(['escalated_', z.number()]),
  z.templateLiteral(['repeated_', z.number()]),
  z.templateLiteral(['returned_', z.number()]),
]);
export type Step = z.output<typeof stepSchema>;

/** A picture for targets that can show one. */
interface MessagePicture extends DrawnReplay {
  /** What it shows, in the language of the message. */
  readonly description: string;
}

/** One message as every target gets it, whatever it makes of it. */
export interface AlertMessage {
  /** 32 hex digits: the same at every attempt, so that a receiver recognises a repetition. */
  readonly id: string;
  /** Of the first message about the same case to the same target. */
  readonly threadId: string;
  readonly kind: AlertKind | 'test';
  readonly step: Step | 'test';
  readonly severity: Severity;
  readonly title: string;
  readonly text: string;
  /** Title of the alarm that the message belongs to: the same at every step. */
  readonly calledAs: string;
  /** The page of the room, or of the site where it concerns no room; when the console's address is configured. */
  readonly url?: string;
  /** Where the recipient acknowledges the incident, once. */
  readonly onMyWayUrl?: string;
  /** The fall as stick figures; only of the step `replay`. */
  readonly picture?: MessagePicture;
  /** Of news about a fall: another fall of the room is open by now, and what displays rooms must go on showing that one. */
  readonly roomHasLaterFall?: boolean;
  readonly facts: {
    readonly happened_at: string;
    readonly source_id?: number;
    readonly room_name?: string;
    readonly instance_id?: string;
    readonly incident_id?: string;
    readonly by?: string;
    /** Why a fall report was refused. */
    readonly reason?: string;
    /** Why a camera gives no picture, such as `dark` or `covered`. */
    readonly blind_cause?: string;
    readonly outcome?: string;
    /** For how long the person has been on the floor. */
    readonly on_floor_seconds?: number;
    /** Targets that were notified of it before. */
    readonly notified?: readonly string[];
  };
}
