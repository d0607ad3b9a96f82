/** What set-up cannot do by itself: the message is a sentence for the person at the terminal, with the remedy. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}
