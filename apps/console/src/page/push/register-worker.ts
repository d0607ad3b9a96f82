/** A message of the service worker: a notification was shown, or tapped. */
export type WorkerMessage =
  | { readonly type: 'push'; readonly tag: string }
  | { readonly type: 'open'; readonly hash: string };

/**
 * Registers the service worker, and shows the room of a tapped notification. Without a secure address a browser has no service
 * workers: the page works as before, without notifications and offline view.
 */
export function registerWorker(): void {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.register('service-worker.js').catch(() => undefined);
  onWorkerMessage((message) => {
    if (message.type === 'open') {
      location.hash = message.hash;
    }
  });
}

/** @returns ends it */
export function onWorkerMessage(take: (message: WorkerMessage) => void): () => void {
  if (!('serviceWorker' in navigator)) return () => undefined;
  const handle = (event: MessageEvent<WorkerMessage>): void => take(event.data);
  navigator.serviceWorker.addEventListener('message', handle);
  navigator.serviceWorker.startMessages();
  return () => navigator.serviceWorker.removeEventListener('message', handle);
}
