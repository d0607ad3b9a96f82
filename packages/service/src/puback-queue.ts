/**
 * Acknowledges messages in the order in which they came, however their handling overlaps.
 * Source: MQTT 5, 4.6 (PUBACKs are sent in the order of the PUBLISHes).
 */
export class PubackQueue {
  readonly #waiting: { handled: boolean; sendPuback: () => void }[] = [];

  /** Call it when the message arrives; the result when it has been handled. */
  enter(sendPuback: () => void): () => void {
    const item = { handled: false, sendPuback };
    this.#waiting.push(item);
    return () => {
      item.handled = true;
      for (let first = this.#waiting[0]; first?.handled === true; first = this.#waiting[0]) {
        this.#waiting.shift();
        first.sendPuback();
      }
    };
  }
}
