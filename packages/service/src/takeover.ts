/** Two drops this soon after connecting mean that another client uses our id. */
export const TAKEOVER_WINDOW_MS = 5000;

/** MQTT 5's reason code "session taken over". */
const SESSION_TAKEN_OVER = 0x8e;

/** Tells from how connections end whether somebody else uses our client id. */
export interface TakeoverDetector {
  /**
   * A connection ended that we did not end: was it taken over?
   *
   * @param reasonCode from the broker's DISCONNECT (MQTT 5)
   */
  dropped(connectedForMs: number, reasonCode?: number): boolean;
  /** A connection could not be made: the broker itself is in trouble, nobody fights us. */
  failed(): void;
}

/**
 * A reason code says it. Without one (MQTT 3.1.1 has none, and Mosquitto 2.0.11 sends none to an MQTT 5 client either) two
 * short-lived connections count as a take-over when every attempt between them succeeded: a broker that restarts refuses some.
 */
export function createTakeoverDetector(): TakeoverDetector {
  let shortLived = 0;
  return {
    dropped: (connectedForMs, reasonCode) => {
      if (reasonCode !== undefined) {
        return reasonCode === SESSION_TAKEN_OVER;
      }
      shortLived = connectedForMs < TAKEOVER_WINDOW_MS ? shortLived + 1 : 0;
      return shortLived >= 2;
    },
    failed: () => {
      shortLived = 0;
    },
  };
}
