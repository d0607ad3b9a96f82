import { type Clock, createBackoff, type Logger } from '@vigilia/service';
import type Docker from 'dockerode';
import type { DedicatedSpec } from '../plan/action.ts';
import { containerBody, containerLabels, containerName, type DockerFields, listingOf } from './container-template.ts';
import { dockerClient } from './docker-client.ts';
import { engineStatus, toRuntimeError, unless } from './docker-failure.ts';
import { type ContainerDefaults, dockerFields } from './docker-fields.ts';
import { type EventStream, followEvents } from './follow-events.ts';
import { type Runtime, RuntimeError, type RuntimeListing } from './runtime.ts';

export interface DockerRuntimeOptions {
  /** `unix://…` or `tcp://…`; the usual socket when missing. */
  readonly host?: string | undefined;
  readonly defaults: ContainerDefaults;
  readonly clock: Clock;
  readonly logger: Logger;
}

const ours = { label: [`${containerLabels.role}=dedicated`] };
/** A removal that another call began is waited for this long. */
const removalLimitMs = 30_000;

/**
 * Dedicated processors as containers. They are addressed by name only, never by id, because that is all docker-proxy lets
 * pass; what varies in them is `DockerFields`. Its detections show whether one works, not its state here.
 */
export class DockerRuntime implements Runtime {
  readonly name = 'docker';
  readonly #options: DockerRuntimeOptions;
  readonly #docker: Docker;
  readonly #queries: Docker;
  readonly #watchers = new Set<() => void>();
  #events: EventStream | undefined;
  #cpus: number | undefined;

  constructor(options: DockerRuntimeOptions) {
    this.#options = options;
    this.#docker = dockerClient(options.host, 'acts');
    this.#queries = dockerClient(options.host, 'queries');
  }

  /** An engine that is unreachable now may come: only the list shows it, and the planner knows a degraded mode. */
  async start(): Promise<void> {
    await this.capacity().catch((err: unknown) => {
      this.#options.logger.warn(
        { event: 'runtime_unreachable', runtime: this.name, err },
        'the engine does not answer',
      );
    });
  }

  async spawn(spec: DedicatedSpec): Promise<void> {
    // More CPUs than the host has would be refused as a mistake.
    const cpus = Math.min(this.#options.defaults.cpus, this.#cpus ?? Number.POSITIVE_INFINITY);
    const fields = dockerFields(spec, { ...this.#options.defaults, cpus });
    try {
      await this.#create(fields);
      await this.#start(fields.instanceId);
    } catch (error) {
      throw toRuntimeError(error, `the container of ${spec.instanceId} could not be started`);
    }
  }

  async stop(instanceId: string): Promise<boolean> {
    const container = this.#container(instanceId);
    try {
      await container.stop().catch(unless(304, 404));
      return await this.#remove(instanceId);
    } catch (error) {
      throw toRuntimeError(error, `the container of ${instanceId} could not be stopped`);
    }
  }

  async list(): Promise<RuntimeListing[]> {
    try {
      const containers = await this.#queries.listContainers({ all: true, filters: ours });
      const now = this.#options.clock.now();
      return containers.filter(({ State }) => State !== 'removing').map((container) => listing(container, now));
    } catch (error) {
      throw toRuntimeError(error, 'the engine could not list its containers');
    }
  }

  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    this.#events ??= followEvents({
      open: () => dockerClient(this.#options.host, 'streams').getEvents({ filters: { type: ['container'], ...ours } }),
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

  async capacity(): Promise<{ cpus: number; memoryMb: number }> {
    try {
      const { NCPU, MemTotal } = (await this.#queries.info()) as { NCPU: number; MemTotal: number };
      this.#cpus = NCPU;
      return { cpus: NCPU, memoryMb: Math.floor(MemTotal / 1_048_576) };
    } catch (error) {
      throw toRuntimeError(error, 'the engine could not report its capacity');
    }
  }

  async close(): Promise<void> {
    this.#watchers.clear();
    this.#events?.stop();
    this.#events = undefined;
  }

  #container(instanceId: string): Docker.Container {
    return this.#docker.getContainer(containerName(instanceId));
  }

  /** Creates it, or adopts the one of that name that was made from the same fields; one left over from another purpose goes. */
  async #create(fields: DockerFields): Promise<void> {
    const request = { _query: { name: containerName(fields.instanceId) }, _body: containerBody(fields) };
    const create = () => this.#docker.createContainer(request as unknown as Docker.ContainerCreateOptions);
    try {
      await create();
    } catch (error) {
      if (engineStatus(error) !== 409) throw error;
      if (await this.#adoptable(fields)) return;
      await this.#remove(fields.instanceId);
      await create();
    }
  }

  /** @throws RuntimeError `name_taken` when the one of that name runs for another incident: it is not ours to end. */
  async #adoptable(fields: DockerFields): Promise<boolean> {
    const found = await this.#container(fields.instanceId).inspect().catch(unless(404));
    if (!found) return false;
    const { Config, State } = found;
    const labels = Config.Labels ?? {};
    if (labels[containerLabels.spec] === fields.specHash) return true;
    if (State.Running && labels[containerLabels.incident] !== fields.incidentId) {
      throw new RuntimeError(
        'name_taken',
        `a container named ${containerName(fields.instanceId)} runs for something else`,
      );
    }
    return false;
  }

  /** What was created and cannot be started (no network, no memory) goes again, or its name would be taken for ever. */
  async #start(instanceId: string): Promise<void> {
    try {
      await this.#container(instanceId).start().catch(unless(304));
    } catch (error) {
      await this.#remove(instanceId).catch(() => undefined);
      throw error;
    }
  }

  /** Resolves when it has ended, also when another call is removing it. `false`: there was none. */
  async #remove(instanceId: string): Promise<boolean> {
    const { clock } = this.#options;
    const end = clock.monotonic() + removalLimitMs;
    for (let found = false; ; found = true) {
      try {
        await this.#container(instanceId).remove({ force: true });
        return true;
      } catch (error) {
        const status = engineStatus(error);
        if (status === 404) return found;
        if (status !== 409 || clock.monotonic() > end) throw error;
        await clock.sleep(200);
      }
    }
  }
}

function listing({ Labels, State, Created }: Docker.ContainerInfo, nowMs: number): RuntimeListing {
  const state = ['running', 'restarting', 'paused'].includes(State) ? 'running' : 'exited';
  return listingOf(Labels, state, nowMs - Created * 1000);
}
