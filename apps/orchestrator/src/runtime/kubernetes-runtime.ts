import type { V1Pod } from '@kubernetes/client-node';
import { type Clock, createBackoff, type Logger } from '@vigilia/service';
import type { DedicatedSpec } from '../plan/action.ts';
import { clusterCapacity } from './cluster-capacity.ts';
import { containerLabels } from './container-template.ts';
import { type ContainerDefaults, containerFields } from './docker-fields.ts';
import { followPods } from './follow-pods.ts';
import { type KubernetesClient, kubernetesClient } from './kubernetes-client.ts';
import { apiFailure, apiStatus } from './kubernetes-failure.ts';
import { podSource } from './pod-source.ts';
import { hasEnded, podBody, podLabels, podListing, podName } from './pod-template.ts';
import { podTrouble } from './pod-trouble.ts';
import { type Runtime, RuntimeError, type RuntimeListing } from './runtime.ts';

export interface KubernetesRuntimeOptions {
  /** File; found as `kubectl` finds it, or the Pod's ServiceAccount, when missing. */
  readonly kubeconfig?: string | undefined;
  /** The kubeconfig's when missing. */
  readonly namespace?: string | undefined;
  readonly defaults: ContainerDefaults;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A Pod that is still being prepared after this long (an image is pulled) is left to the cluster. */
const startLimitMs = 30_000;
const stopLimitMs = 30_000;
const pollMs = 250;

/** Dedicated processors as bare Pods in one namespace; its detections show whether one works, not its phase. */
export class KubernetesRuntime implements Runtime {
  readonly name = 'kubernetes';
  readonly #options: KubernetesRuntimeOptions;
  readonly #watchers = new Set<() => void>();
  #client: Promise<KubernetesClient> | undefined;
  #events: { stop(): void } | undefined;

  constructor(options: KubernetesRuntimeOptions) {
    this.#options = options;
  }

  /** An API server that is unreachable now may come: only the list shows it. */
  async start(): Promise<void> {
    await this.list().catch((err: unknown) => {
      this.#options.logger.warn(
        { event: 'runtime_unreachable', runtime: this.name, err },
        'the cluster does not answer',
      );
    });
  }

  async spawn(spec: DedicatedSpec): Promise<void> {
    try {
      await this.#started(
        await this.#create(podBody(containerFields(spec, this.#options.defaults), this.#options.defaults)),
      );
    } catch (error) {
      throw apiFailure(error, `the Pod of ${spec.instanceId} could not be started`);
    }
  }

  async stop(instanceId: string): Promise<boolean> {
    try {
      return await this.#remove(podName(this.#site, instanceId));
    } catch (error) {
      throw apiFailure(error, `the Pod of ${instanceId} could not be stopped`);
    }
  }

  async list(): Promise<RuntimeListing[]> {
    try {
      const { core, namespace } = await this.#connected();
      const { items } = await core.listNamespacedPod({ namespace, labelSelector: this.#selector });
      const now = this.#options.clock.now();
      return items.filter((pod) => pod.metadata?.deletionTimestamp === undefined).map((pod) => podListing(pod, now));
    } catch (error) {
      throw apiFailure(error, 'the cluster could not list its Pods');
    }
  }

  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    this.#events ??= followPods({
      source: podSource(() => this.#connected(), this.#selector),
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

  /** What all nodes that take Pods offer together, and no more than the namespace's quotas allow. */
  async capacity(): Promise<{ cpus: number; memoryMb: number }> {
    try {
      return await clusterCapacity(await this.#connected());
    } catch (error) {
      throw apiFailure(error, 'the cluster could not report its capacity');
    }
  }

  async close(): Promise<void> {
    this.#watchers.clear();
    this.#events?.stop();
    this.#events = undefined;
  }

  get #site(): string {
    return this.#options.defaults.topicPrefix;
  }

  get #selector(): string {
    return Object.entries(podLabels(this.#site))
      .map((pair) => pair.join('='))
      .join(',');
  }

  /** @throws RuntimeError `refused` when no kubeconfig is usable; the next call tries again */
  async #connected(): Promise<KubernetesClient> {
    const { kubeconfig, namespace } = this.#options;
    this.#client ??= kubernetesClient(kubeconfig, namespace);
    try {
      return await this.#client;
    } catch (error) {
      this.#client = undefined;
      throw new RuntimeError('refused', `the kubeconfig cannot be used: ${(error as Error).message}`, error);
    }
  }

  /** Creates it, or adopts the one of that name that was made from the same fields; one left over from another purpose goes. */
  async #create(body: ReturnType<typeof podBody>): Promise<V1Pod> {
    const { core, namespace } = await this.#connected();
    const { name, annotations } = body.metadata;
    try {
      return await core.createNamespacedPod({ namespace, body });
    } catch (error) {
      if (apiStatus(error) !== 409) throw error;
    }
    const found = await this.#read(name);
    if (found !== undefined && found.metadata?.deletionTimestamp === undefined && !hasEnded(found)) {
      const made = found.metadata?.annotations ?? {};
      if (made[containerLabels.spec] === annotations[containerLabels.spec]) return found;
      if (made[containerLabels.incident] !== annotations[containerLabels.incident]) {
        throw new RuntimeError('name_taken', `a Pod named ${name} runs for something else`);
      }
    }
    await this.#remove(name);
    return await core.createNamespacedPod({ namespace, body });
  }

  /** Waits until it runs. One that no node can take, or that cannot start, is removed again and reported. */
  async #started(created: V1Pod): Promise<void> {
    const { clock } = this.#options;
    const end = clock.monotonic() + startLimitMs;
    const name = created.metadata?.name ?? '';
    while (clock.monotonic() < end) {
      const pod = await this.#read(name);
      if (pod === undefined) throw new RuntimeError('failed', `the Pod ${name} was removed while it started`);
      const trouble = podTrouble(pod);
      if (trouble !== undefined) {
        await this.#remove(name).catch(() => undefined);
        throw trouble;
      }
      if (pod.status?.phase === 'Running') return;
      await clock.sleep(pollMs);
    }
  }

  /** Resolves when the API server no longer has it. `false`: there was none. @throws RuntimeError `failed` when it stays, as on a lost node */
  async #remove(name: string): Promise<boolean> {
    const { core, namespace } = await this.#connected();
    const { clock } = this.#options;
    const end = clock.monotonic() + stopLimitMs;
    try {
      await core.deleteNamespacedPod({ name, namespace });
    } catch (error) {
      if (apiStatus(error) === 404) return false;
      throw error;
    }
    while (clock.monotonic() < end) {
      if ((await this.#read(name)) === undefined) return true;
      await clock.sleep(pollMs);
    }
    throw new RuntimeError('failed', `the Pod ${name} has not ended; its node may be lost`);
  }

  async #read(name: string): Promise<V1Pod | undefined> {
    const { core, namespace } = await this.#connected();
    try {
      return await core.readNamespacedPod({ name, namespace });
    } catch (error) {
      if (apiStatus(error) === 404) return undefined;
      throw error;
    }
  }
}
