import { type Clock, createBackoff, type Logger } from '@vigilia/service';
import type { LogLine } from '../documents/log-document.ts';
import { asContainerPosition, type ContainerPosition, followContainer } from './container-follower.ts';
import type { ContainerInfo, DockerLogs } from './docker-api.ts';
import { Positions } from './positions.ts';

export interface ContainerLogsOptions {
  readonly docker: DockerLogs;
  readonly positionsFile: string;
  readonly take: (lines: readonly LogLine[]) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly listIntervalMs?: number;
}

/**
 * Follows the logs of every container with the label. The list is asked for at start, at intervals, at every event and whenever the event
 * stream ends (an engine that restarts forgets its readers): events are only a hint to look sooner.
 */
export class ContainerLogs {
  readonly #options: ContainerLogsOptions;
  readonly #positions: Positions<ContainerPosition>;
  readonly #following = new Map<string, Promise<void>>();
  /** Containers that are not running and read to their end. */
  readonly #finished = new Set<string>();
  readonly #abort = new AbortController();
  #loops: Promise<void>[] = [];
  #wake: (() => void) | undefined;
  #hinted = false;
  #isReachable = true;

  constructor(options: ContainerLogsOptions) {
    this.#options = options;
    this.#positions = new Positions(options.positionsFile, asContainerPosition);
  }

  async start(): Promise<void> {
    await this.#positions.load();
    this.#loops = [this.#lookLoop(), this.#eventLoop()];
  }

  async stop(): Promise<void> {
    this.#abort.abort(new Error('the sink stops'));
    this.#hint();
    await Promise.all([...this.#loops, ...this.#following.values()]);
  }

  async #lookLoop(): Promise<void> {
    const { listIntervalMs = 10_000 } = this.#options;
    while (!this.#abort.signal.aborted) {
      await this.#listContainers();
      await this.#pause(listIntervalMs);
    }
  }

  /** Look again soon: also when a look is under way just now. */
  #hint(): void {
    this.#hinted = true;
    this.#wake?.();
  }

  async #pause(ms: number): Promise<void> {
    if (!this.#hinted) {
      await this.#untilHint(ms);
    }
    this.#hinted = false;
  }

  #untilHint(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  async #listContainers(): Promise<void> {
    try {
      const containers = await this.#options.docker.list();
      this.#reached();
      for (const container of containers) {
        this.#follow(container);
      }
      await this.#forget(new Set(containers.map(({ id }) => id)));
    } catch (err) {
      this.#unreachable(err);
    }
  }

  #follow(container: ContainerInfo): void {
    const { id } = container;
    if (container.isRunning) {
      this.#finished.delete(id);
    }
    if (this.#following.has(id) || this.#finished.has(id) || this.#abort.signal.aborted) return;
    const done = this.#read(container).finally(() => this.#following.delete(id));
    this.#following.set(id, done);
  }

  async #read(container: ContainerInfo): Promise<void> {
    const { docker, take, logger } = this.#options;
    const { signal } = this.#abort;
    const onPosition = (position: ContainerPosition) => this.#positions.set(container.id, position);
    try {
      await followContainer({ docker, container, from: this.#positions.get(container.id), take, onPosition, signal });
      if (!container.isRunning) {
        this.#finished.add(container.id);
      }
    } catch (err) {
      if (!signal.aborted) {
        logger.debug(
          { event: 'container_log_ended', container: container.name, err },
          'log stream ended; it is followed again',
        );
      }
    }
  }

  async #forget(present: ReadonlySet<string>): Promise<void> {
    for (const [id] of [...this.#positions.entries()]) {
      if (present.has(id) || this.#following.has(id)) continue;
      this.#finished.delete(id);
      await this.#positions.remove(id);
    }
  }

  async #eventLoop(): Promise<void> {
    const { docker, clock } = this.#options;
    const { signal } = this.#abort;
    const backoff = createBackoff({ minMs: 500, maxMs: 10_000 });
    while (!signal.aborted) {
      try {
        for await (const _ of docker.events(signal)) {
          backoff.reset();
          this.#hint();
        }
      } catch {
        // the list shows whether the engine is reachable
      }
      await clock.sleep(backoff.next(), signal).catch(() => undefined);
      this.#hint();
    }
  }

  #reached(): void {
    if (!this.#isReachable) {
      this.#options.logger.info({ event: 'docker_reached' }, 'the container engine answers again');
    }
    this.#isReachable = true;
  }

  #unreachable(err: unknown): void {
    if (this.#isReachable) {
      this.#options.logger.warn(
        { event: 'docker_unreachable', err },
        'the container engine does not answer; logs are read later',
      );
    }
    this.#isReachable = false;
  }
}
