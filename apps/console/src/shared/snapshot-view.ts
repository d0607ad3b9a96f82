/** One snapshot of a room as the page shows it. */
export interface SnapshotView {
  /** JPEG in base64. */
  readonly jpeg: string;
  /** Too coarse to recognise a person. */
  readonly blurred: boolean;
  /** When it left the camera (ISO 8601). */
  readonly at: string;
}
