import {
  type ContainerFields,
  containerEnvironment,
  containerFieldPatterns,
  containerName,
  dedicatedLabels,
  noneOr,
} from './container-template.ts';
import { swarmGpus } from './devices.ts';

/** What varies in the swarm service of a dedicated processor. docker-proxy lets no other body through. */
export interface ServiceFields extends ContainerFields {
  /** A constraint on the nodes: `node.labels.io.vigilia.dedicated!=false`. */
  readonly placement: string;
  /** The engine's id of the swarm secret `secretName`. */
  readonly secretId: string;
  /** What a node must offer: `swarmGpus`, or nothing. */
  readonly genericResources: readonly object[];
}

/** As `containerFieldPatterns`. */
export const serviceFieldPatterns: { readonly [F in keyof ServiceFields]: string } = {
  ...containerFieldPatterns,
  placement: 'node\\.[A-Za-z][A-Za-z0-9._-]{0,62}[!=]=[A-Za-z0-9][A-Za-z0-9._-]{0,62}',
  secretId: '[a-z0-9]{25}',
  genericResources: noneOr(swarmGpus),
};

/** The broker's password of dedicated processors, as deploy/swarm/deploy.sh makes it. */
export const secretName = 'vigilia-secret-dedicated';

/** `docker stack rm vigilia` takes along what carries it; without it the stack's network could not be removed. */
const stackLabel = { 'com.docker.stack.namespace': 'vigilia' };

function containerSpec(fields: ServiceFields) {
  return {
    Image: fields.image,
    Labels: { ...stackLabel, ...dedicatedLabels(fields) },
    Env: containerEnvironment(fields),
    User: '1000:1000',
    Init: true,
    ReadOnly: true,
    CapabilityDrop: ['ALL'],
    StopGracePeriod: 15_000_000_000,
    // the models are the image's: a volume would be another one on each node
    Mounts: [{ Type: 'tmpfs', Target: '/tmp', TmpfsOptions: { SizeBytes: 67_108_864, Mode: 1023 } }],
    Secrets: [
      {
        File: { Name: '/run/vigilia/password', UID: '1000', GID: '1000', Mode: 256 },
        SecretID: fields.secretId,
        SecretName: secretName,
      },
    ],
  };
}

/**
 * Body of `POST /services/create` for a dedicated processor: one task that the swarm keeps running, on whichever node has the
 * CPUs and the memory left that are reserved for it. The order of the keys is part of the contract with docker-proxy.
 */
export function serviceBody(fields: ServiceFields) {
  return {
    Name: containerName(fields.instanceId),
    Labels: { ...stackLabel, ...dedicatedLabels(fields) },
    TaskTemplate: {
      ContainerSpec: containerSpec(fields),
      Resources: {
        Limits: { NanoCPUs: fields.nanoCpus, MemoryBytes: fields.memoryBytes, Pids: 256 },
        Reservations: {
          NanoCPUs: fields.nanoCpus,
          MemoryBytes: fields.memoryBytes,
          GenericResources: fields.genericResources,
        },
      },
      RestartPolicy: { Condition: 'any', Delay: 1_000_000_000, MaxAttempts: 0 },
      Placement: { Constraints: ['node.platform.os==linux', fields.placement] },
      Networks: [{ Target: 'vigilia_rooms' }],
      LogDriver: { Name: 'json-file', Options: { 'max-size': '10m', 'max-file': '3' } },
    },
    Mode: { Replicated: { Replicas: 1 } },
    EndpointSpec: { Mode: 'dnsrr' },
  };
}
