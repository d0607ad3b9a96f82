import { type Clock, createBackoff, type Logger } from '@vigilia/service';
import type Docker from 'dockerode';
import type { DedicatedSpec } from '../plan/action.ts';
import { containerLabels, containerName, invalidField, listingOf } from './container-template.ts';
import { swarmGpus } from './devices.ts';
import { dockerClient } from './docker-client.ts';
import { codeOfMessage, engineStatus, toRuntimeError, unless } from './docker-failure.ts';
import { type ContainerDefaults, containerFields } from './docker-fields.ts';
import { type EventStream, followEvents } from './follow-events.ts';
import { type Runtime, RuntimeError, type RuntimeListing } from './runtime.ts';
import { type ServiceFields, secretName, serviceBody, serviceFieldPatterns } from './service-template.ts';

export interface SwarmRuntimeOptions {
  /** A manager's engine: `unix://…` or `tcp://…`; the usual socket when missing. */
  readonly host?: string | undefined;
  readonly defaults: ContainerDefaults;
  /** A constraint on the nodes: `node.labels.io.vigilia.dedicated!=false`. */
  readonly placement: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is read of a task; the engine returns more. */
interface Task {
  readonly ServiceID: string;
  readonly Status: { readonly State: string; readonly Err?: string };
  readonly Spec: { readonly ContainerSpec?: { readonly Labels?: Readonly<Record<string, string>> } };
}

interface Found {
  readonly ID: string;
  readonly Spec: { readonly Labels: Readonly<Record<string, string>> };
}

interface Node {
  readonly Spec: { readonly Availability: string };
  readonly Status: { readonly State: string };
  readonly Description: { readonly Resources: { readonly NanoCPUs: number; readonly MemoryBytes: number } };
}

const ours = { label: [`${containerLabels.role}=dedicated`] };
/** A task that is still being prepared after this long (an image is pulled) is left to the swarm. */
const startLimitMs = 30_000;
const stopLimitMs = 30_000;
const pollMs = 250;
const ended = new Set(['complete', 'shutdown', 'failed', 'rejected', 'remove', 'orphaned']);

/**
 * Dedicated processors as swarm services of one task each: the swarm chooses the node, and starts them elsewhere when a node
 * is lost. Addressed by name only, as in `DockerRuntime`; its detections show whether one works.
 */
export class SwarmRuntime implements Runtime {
  readonly name = 'swarm';
  readonly #options: SwarmRuntimeOptions;
  readonly #docker: Docker;
  readonly #queries: Docker;
  readonly #watchers = new Set<() => void>();
  #events: EventStream | undefined;

  constructor(options: SwarmRuntimeOptions) {
    this.#options = options;
    this.#docker = dockerClient(options.host, 'acts');
    this.#queries = dockerClient(options.host, 'queries');
  }

  /** A manager that is unreachable now may come: only the list shows it, and the planner knows a degraded mode. */
  async start(): Promise<void> {
    await this.capacity().catch((err: unknown) => {
      this.#options.logger.warn({ event: 'runtime_unreachable', runtime: this.name, err }, 'the swarm does not answer');
    });
  }

  async spawn(spec: DedicatedSpec): Promise<void> {
    try {
      const fields = await this.#fields(spec);
      await this.#started(fields.instanceId, await this.#create(fields));
    } catch (error) {
      throw toRuntimeError(error, `the service of ${spec.instanceId} could not be started`);
    }
  }

  async stop(instanceId: string): Promise<boolean> {
    try {
      return await this.#remove(instanceId);
    } catch (error) {
      throw toRuntimeError(error, `the service of ${instanceId} could not be stopped`);
    }
  }

  /** A service counts as running for as long as it exists: the swarm starts its task again and again. */
  async list(): Promise<RuntimeListing[]> {
    try {
      const services = await this.#queries.listServices({ filters: ours });
      const now = this.#options.clock.now();
      return services.map(({ Spec, CreatedAt }) =>
        listingOf(Spec?.Labels ?? {}, 'running', now - Date.parse(CreatedAt ?? '')),
      );
    } catch (error) {
      throw toRuntimeError(error, 'the swarm could not list its services');
    }
  }

  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    this.#events ??= followEvents({
      open: () => dockerClient(this.#options.host, 'streams').getEvents({ filters: { type: ['service'] } }),
      changed: () => {
        for (const each of this.#watchers) {
          each();
        }
      },
      backoff: createBackoff({ minMs: 1000, maxMs: 30_000 }),
      clock: this.#options.clock,
    });
    return () => void this.#watchers.delete(changed);
  }

  /** Of all nodes that take work together. */
  async capacity(): Promise<{ cpus: number; memoryMb: number }> {
    try {
      const nodes = ((await this.#queries.listNodes()) as Node[]).filter(
        ({ Spec, Status }) => Spec.Availability === 'active' && Status.State === 'ready',
      );
      const sum = (of: (node: Node) => number) => nodes.reduce((total, node) => total + of(node), 0);
      return {
        cpus: sum(({ Description }) => Description.Resources.NanoCPUs) / 1e9,
        memoryMb: Math.floor(sum(({ Description }) => Description.Resources.MemoryBytes) / 1_048_576),
      };
    } catch (error) {
      throw toRuntimeError(error, 'the swarm could not report its capacity');
    }
  }

  async close(): Promise<void> {
    this.#watchers.clear();
    this.#events?.stop();
    this.#events = undefined;
  }

  /** @throws RuntimeError `refused` */
  async #fields(spec: DedicatedSpec): Promise<ServiceFields> {
    const base = containerFields(spec, this.#options.defaults);
    const secrets = await this.#docker.listSecrets({ filters: { name: [secretName] } });
    const secretId = secrets.find(({ Spec }) => Spec?.Name === secretName)?.ID;
    if (secretId === undefined) throw new RuntimeError('refused', `the swarm has no secret ${secretName}`);
    const genericResources = this.#options.defaults.devices?.includes('nvidia') ? swarmGpus : [];
    const fields = { ...base, placement: this.#options.placement, secretId, genericResources };
    const bad = invalidField(fields, serviceFieldPatterns);
    if (bad === undefined) return fields;
    throw new RuntimeError('refused', `the service's ${bad} cannot be ${JSON.stringify(fields[bad])}`);
  }

  /** Creates it, or adopts the one of that name that was made from the same fields; one left over from another purpose goes. */
  async #create(fields: ServiceFields): Promise<string> {
    // with one argument dockerode would put the whole specification into a header, as if it were a registry's password
    const body = serviceBody(fields) as unknown as Docker.ServiceSpec;
    const create = async (): Promise<string> => (await this.#docker.createService({}, body)).id;
    try {
      return await create();
    } catch (error) {
      if (engineStatus(error) !== 409) throw error;
      const found = (await this.#service(fields.instanceId).inspect().catch(unless(404))) as Found | undefined;
      const labels = found?.Spec.Labels;
      if (found !== undefined && labels?.[containerLabels.spec] === fields.specHash) return found.ID;
      if (labels !== undefined && labels[containerLabels.incident] !== fields.incidentId) {
        const name = containerName(fields.instanceId);
        throw new RuntimeError('name_taken', `a service named ${name} runs for something else`);
      }
      await this.#remove(fields.instanceId);
      return await create();
    }
  }

  /**
   * Waits until its task runs. One that no node can take, or that ended at once, is removed again and reported: the planner then
   * watches the room otherwise, and tries again.
   */
  async #started(instanceId: string, serviceId: string): Promise<void> {
    const { clock } = this.#options;
    const end = clock.monotonic() + startLimitMs;
    while (clock.monotonic() < end) {
      // of this service only: one of the same name that was removed may have left its troubles behind
      const tasks = (await this.#tasks(instanceId)).filter(({ ServiceID }) => ServiceID === serviceId);
      if (tasks.some(({ Status }) => Status.State === 'running')) return;
      const trouble = tasks.find(({ Status }) => Status.Err !== undefined && Status.Err !== '')?.Status.Err;
      if (trouble !== undefined) {
        await this.#remove(instanceId).catch(() => undefined);
        throw new RuntimeError(codeOfMessage(trouble), trouble);
      }
      await clock.sleep(pollMs);
    }
  }

  /** Resolves when its task has ended. `false`: there was no such service. */
  async #remove(instanceId: string): Promise<boolean> {
    const { clock } = this.#options;
    const end = clock.monotonic() + stopLimitMs;
    const known = await this.#service(instanceId)
      .remove()
      .then(() => true)
      .catch((error: unknown) => unless(404)(error) ?? false);
    while (clock.monotonic() < end) {
      const tasks = await this.#tasks(instanceId);
      if (tasks.every(({ Status }) => ended.has(Status.State))) break;
      await clock.sleep(pollMs);
    }
    return known;
  }

  async #tasks(instanceId: string): Promise<Task[]> {
    const tasks = (await this.#docker.listTasks({ filters: ours })) as Task[];
    return tasks.filter(({ Spec }) => Spec.ContainerSpec?.Labels?.[containerLabels.instance] === instanceId);
  }

  #service(instanceId: string): Docker.Service {
    return this.#docker.getService(containerName(instanceId));
  }
}
