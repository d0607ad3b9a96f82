import type { V1Node, V1ResourceQuota } from '@kubernetes/client-node';
import type { KubernetesClient } from './kubernetes-client.ts';
import { apiStatus } from './kubernetes-failure.ts';
import { quantity } from './quantity.ts';
import { RuntimeError } from './runtime.ts';

interface Amount {
  readonly cpus: number;
  readonly bytes: number;
}

const unbounded: Amount = { cpus: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };

/**
 * What nodes and quotas leave to dedicated processors. Nodes do not belong to a namespace: where the API server does not show them, the
 * quotas decide alone.
 * @throws RuntimeError `refused` where neither is known; what the API server answers
 */
export async function clusterCapacity({ core, namespace }: KubernetesClient): Promise<{
  cpus: number;
  memoryMb: number;
}> {
  const quotas = (await core.listNamespacedResourceQuota({ namespace })).items;
  const nodes = await core.listNode().then(
    ({ items }) => items,
    (error: unknown) => {
      if (apiStatus(error) === 403) return undefined;
      throw error;
    },
  );
  const { cpus, bytes } = capacityOf(nodes, quotas);
  if (Number.isFinite(cpus) && Number.isFinite(bytes)) return { cpus, memoryMb: Math.floor(bytes / 1_048_576) };
  throw new RuntimeError(
    'refused',
    `the namespace ${namespace} has no quota of CPUs and memory, and nodes may not be listed: create a ResourceQuota with requests.cpu and requests.memory`,
  );
}

/** The smaller of what nodes offer together and of each quota; infinite where nothing bounds it. */
export function capacityOf(nodes: readonly V1Node[] | undefined, quotas: readonly V1ResourceQuota[]): Amount {
  const bounds = [nodes === undefined ? unbounded : offered(nodes), ...quotas.map(allowed)];
  return {
    cpus: Math.min(...bounds.map(({ cpus }) => cpus)),
    bytes: Math.min(...bounds.map(({ bytes }) => bytes)),
  };
}

/** Of the nodes that are ready and take Pods. */
function offered(nodes: readonly V1Node[]): Amount {
  const usable = nodes.filter(
    ({ spec, status }) =>
      spec?.unschedulable !== true &&
      status?.conditions?.some(({ type, status: state }) => type === 'Ready' && state === 'True') === true,
  );
  const sum = (of: 'cpu' | 'memory') =>
    usable.reduce((total, { status }) => total + quantity(status?.allocatable?.[of] ?? '0'), 0);
  return { cpus: sum('cpu'), bytes: sum('memory') };
}

function allowed({ spec }: V1ResourceQuota): Amount {
  const smallest = (...names: string[]) =>
    Math.min(...names.map((name) => (spec?.hard?.[name] === undefined ? Infinity : quantity(spec.hard[name]))));
  return {
    cpus: smallest('cpu', 'requests.cpu', 'limits.cpu'),
    bytes: smallest('memory', 'requests.memory', 'limits.memory'),
  };
}
