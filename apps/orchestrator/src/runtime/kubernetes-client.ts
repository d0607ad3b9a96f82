import type { CoreV1Api, Watch } from '@kubernetes/client-node';
import { within } from '@vigilia/service';

export interface KubernetesClient {
  readonly core: CoreV1Api;
  readonly watch: Watch;
  readonly namespace: string;
}

const answerWithinMs = 5000;

/**
 * Returns a client of the cluster and the namespace of a kubeconfig: of the file, or as `kubectl` finds it, in a Pod by its
 * ServiceAccount. The library is loaded here, so that the other runtimes do not need its memory.
 */
export async function kubernetesClient(kubeconfig: string | undefined, namespace?: string): Promise<KubernetesClient> {
  const { CoreV1Api, createConfiguration, KubeConfig, ServerConfiguration, Watch, wrapHttpLibrary } = await import(
    '@kubernetes/client-node'
  );
  const config = new KubeConfig();
  if (kubeconfig === undefined) {
    config.loadFromDefault();
  } else {
    config.loadFromFile(kubeconfig);
  }
  const server = new ServerConfiguration(config.getCurrentCluster()?.server ?? '', {});
  const settings = { baseServer: server, authMethods: { default: config } };
  const { httpApi: unlimited } = createConfiguration(settings);
  const httpApi = wrapHttpLibrary({
    send: async (request) => {
      using limit = within(answerWithinMs);
      request.setSignal(limit.signal);
      return await unlimited.send(request).toPromise();
    },
  });
  const core = new CoreV1Api(createConfiguration({ ...settings, httpApi }));
  const context = config.getContextObject(config.getCurrentContext());
  return { core, watch: new Watch(config), namespace: namespace ?? context?.namespace ?? 'default' };
}
