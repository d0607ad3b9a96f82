import type { PodSource } from './follow-pods.ts';
import type { KubernetesClient } from './kubernetes-client.ts';

/** What is read of an object in a watch. */
interface Watched {
  readonly code?: number;
  readonly metadata?: { readonly resourceVersion?: string };
}

/** The Pods of a namespace that a selector matches, as `followPods` reads them. */
export function podSource(connected: () => Promise<KubernetesClient>, labelSelector: string): PodSource {
  return {
    version: async () => {
      const { core, namespace } = await connected();
      const { metadata } = await core.listNamespacedPod({ namespace, labelSelector, limit: 1 });
      return metadata?.resourceVersion ?? '';
    },
    open: async (resourceVersion, heard, signal) => {
      const { watch, namespace } = await connected();
      const query = { labelSelector, resourceVersion, allowWatchBookmarks: true };
      await new Promise<void>((resolve, reject) => {
        watch
          .watch(
            `/api/v1/namespaces/${namespace}/pods`,
            query,
            (type, { code, metadata }: Watched) => heard({ type, code, version: metadata?.resourceVersion }),
            (error: unknown) => (error ? reject(error) : resolve()),
          )
          .then((request) => {
            signal.addEventListener('abort', () => request.abort(), { once: true });
            if (signal.aborted) {
              request.abort();
            }
          }, reject);
      });
    },
  };
}
