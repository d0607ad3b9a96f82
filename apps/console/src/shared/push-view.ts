/** `GET api/push`: whether and how a device of this person may receive alarms. */
export interface PushView {
  /** The notifier sends by Web Push; otherwise no device can subscribe. */
  readonly publicKey?: string;
  /** Devices of this person. */
  readonly devices: readonly PushDevice[];
}

export interface PushDevice {
  readonly id: string;
  /** Missing: all rooms. */
  readonly rooms?: readonly number[];
}
