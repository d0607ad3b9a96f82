import { createHash } from 'node:crypto';
import type { V1Pod } from '@kubernetes/client-node';
import { type ContainerFields, containerEnvironment, containerLabels, listingOf } from './container-template.ts';
import { type DeviceName, podDevices } from './devices.ts';
import type { ContainerDefaults } from './docker-fields.ts';
import type { RuntimeListing } from './runtime.ts';

/** Name of the Secret with the broker's password of dedicated processors, in its key `password`. */
const podSecret = 'vigilia-secret-dedicated';

/** The labels by which one site's Pods are found; the site is its topic prefix. The rest are annotations: a label may have no comma. */
export function podLabels(site: string): Record<string, string> {
  return {
    'app.kubernetes.io/part-of': 'vigilia',
    'app.kubernetes.io/managed-by': 'vigilia-orchestrator',
    [containerLabels.role]: 'dedicated',
    'io.vigilia.owner': site,
  };
}

/** Name of a Pod: what is readable of the instance id, and a hash, as ids may differ in letters that a Pod's name cannot have. */
export function podName(site: string, instanceId: string): string {
  const readable = instanceId.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const hash = createHash('sha256').update(`${site}/${instanceId}`).digest('hex').slice(0, 8);
  return `vigilia-${readable.slice(0, 45)}-${hash}`;
}

function container(fields: ContainerFields, devices: readonly DeviceName[]) {
  const resources = {
    cpu: `${Math.round(fields.nanoCpus / 1e6)}m`,
    memory: String(fields.memoryBytes),
    ...Object.fromEntries(devices.map((name) => [podDevices[name], '1'])),
  };
  return {
    name: 'processor',
    image: fields.image,
    env: containerEnvironment(fields).map((line) => {
      const at = line.indexOf('=');
      return { name: line.slice(0, at), value: line.slice(at + 1) };
    }),
    resources: { requests: resources, limits: resources },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'secret', mountPath: '/run/vigilia', readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}

/** Body of the Pod of a dedicated processor; it fits the restricted Pod security standard. */
export function podBody(
  fields: ContainerFields,
  { devices = [], deviceGroups = [] }: Pick<ContainerDefaults, 'devices' | 'deviceGroups'> = {},
) {
  return {
    metadata: {
      name: podName(fields.topicPrefix, fields.instanceId),
      labels: podLabels(fields.topicPrefix),
      annotations: {
        [containerLabels.instance]: fields.instanceId,
        [containerLabels.incident]: fields.incidentId,
        [containerLabels.streams]: fields.streams,
        [containerLabels.spec]: fields.specHash,
      },
    },
    spec: {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 15,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        supplementalGroups: [...deviceGroups],
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [container(fields, devices)],
      volumes: [
        { name: 'secret', secret: { secretName: podSecret, defaultMode: 0o440 } },
        { name: 'tmp', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
      ],
    },
  } satisfies V1Pod;
}

/** Whether it ended and will not start again. */
export function hasEnded(pod: V1Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** What a Pod shows of a dedicated processor. */
export function podListing(pod: V1Pod, nowMs: number): RuntimeListing {
  const created = pod.metadata?.creationTimestamp?.getTime() ?? nowMs;
  return listingOf(pod.metadata?.annotations ?? {}, hasEnded(pod) ? 'exited' : 'running', nowMs - created);
}
