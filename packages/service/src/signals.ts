import { EXIT } from './exit-request.ts';

/**
 * Calls `first` at the first SIGINT or SIGTERM; a second one ends the process at once with code 130. Returns a function that
 * stops listening.
 * @param options.echoMs so soon after the first signal a second one is its echo: npm passes Ctrl-C on to a process that the
 * terminal has signalled already
 */
export function onEndSignal(first: (signal: NodeJS.Signals) => void, options: { readonly echoMs?: number } = {}) {
  const { echoMs = 0 } = options;
  let firstMs: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (firstMs === undefined) {
      firstMs = performance.now();
      first(signal);
    } else if (performance.now() - firstMs >= echoMs) {
      process.exit(EXIT.secondSignal);
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return (): void => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}
