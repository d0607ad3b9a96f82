import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { withoutUndefined } from '@vigilia/protocol';
import { type Clock, isAlive, type Logger, processStartTime } from '@vigilia/service';
import type { DedicatedSpec } from '../plan/action.ts';
import { endByPid } from './end-by-pid.ts';
import { findProcess, registryVariable } from './find-process.ts';
import { openLog } from './open-log.ts';
import { ProcessRegistry, type RegistryEntry } from './process-registry.ts';
import { type ProcessorDefaults, processorEnvironment } from './processor-environment.ts';
import { type Runtime, RuntimeError, type RuntimeListing } from './runtime.ts';

export interface ProcessRuntimeOptions {
  /** The processor's main file. */
  readonly processorEntry: string;
  /** Registry and logs are kept here. */
  readonly dataDir: string;
  readonly defaults: ProcessorDefaults;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Arguments of Node.js itself; this process's own when missing. */
  readonly nodeArgs?: readonly string[];
  /** How long a processor may take to end before it is killed. */
  readonly graceMs?: number;
}

/** Clock ticks a second in /proc, the same on every Linux that Node.js runs on (sysconf(_SC_CLK_TCK)). */
const ticksPerSecond = 100;
const pollMs = 1000;
/** A file without a process is a start that is just being made, or one that a crash interrupted. */
const unfinishedForMs = 5000;

/**
 * Dedicated processors as detached processes of this machine. They have no parent: when the orchestrator ends they go on,
 * and its next life finds them in the registry by pid and start time.
 */
export class ProcessRuntime implements Runtime {
  readonly name = 'process';
  readonly #options: ProcessRuntimeOptions;
  readonly #registry: ProcessRegistry;
  readonly #children = new Map<string, ChildProcess>();
  readonly #watchers = new Set<() => void>();
  #lastAlive = '';
  #polling: { cancel(): void } | undefined;

  constructor(options: ProcessRuntimeOptions) {
    this.#options = options;
    this.#registry = new ProcessRegistry(`${options.dataDir}/dedicated`);
  }

  async start(): Promise<void> {
    await this.#registry.open();
  }

  async spawn(spec: DedicatedSpec): Promise<void> {
    const { processorEntry, defaults, env, logger } = this.#options;
    if (!existsSync(processorEntry)) {
      throw new RuntimeError('processor_missing', `the processor's program ${processorEntry} does not exist`);
    }
    const before = await this.#registry.read(spec.instanceId);
    if (before !== undefined && this.#alive(before)) {
      if (before.incident_id === spec.incidentId) return;
      throw new RuntimeError('name_taken', `a process named ${spec.instanceId} runs for something else`);
    }
    const entry = this.#entryOf(spec);
    await this.#registry.write(entry);
    const log = await openLog(`${this.#options.dataDir}/logs`, spec.instanceId);
    const child = spawn(process.execPath, [...(this.#options.nodeArgs ?? process.execArgv), processorEntry], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: {
        ...processorEnvironment(env, defaults, spec),
        [registryVariable]: this.#registry.folder,
      },
    });
    child.once('exit', (code, signal) => {
      logger.info({ event: 'dedicated_exited', dedicated: spec.instanceId, code, signal }, 'dedicated processor ended');
      this.#children.delete(spec.instanceId);
      this.#changed();
    });
    await started(child).finally(() => log.close());
    child.unref();
    this.#children.set(spec.instanceId, child);
    const { pid = 0 } = child;
    const startTime = processStartTime(pid);
    await this.#registry.write(withoutUndefined({ ...entry, pid, start_time: startTime }));
    this.#changed();
  }

  async stop(instanceId: string): Promise<boolean> {
    const entry = await this.#registry.read(instanceId);
    if (entry === undefined) return false;
    const found = this.#resolve(entry);
    if (found?.pid !== undefined && isAlive(found.pid, found.start_time)) {
      await endByPid({
        pid: found.pid,
        startTime: found.start_time,
        graceMs: this.#options.graceMs ?? 10_000,
        clock: this.#options.clock,
      });
    }
    await this.#registry.remove(instanceId);
    this.#changed();
    return true;
  }

  async list(): Promise<RuntimeListing[]> {
    const listings: RuntimeListing[] = [];
    for (const entry of await this.#registry.all()) {
      const found = this.#resolve(entry);
      const alive = found !== undefined && this.#alive(found);
      const ageMs = found?.start_time === undefined ? this.#writtenAgo(entry) : processAgeMs(found.start_time);
      if (!alive && entry.pid === undefined && this.#writtenAgo(entry) < unfinishedForMs) continue;
      listings.push({
        instanceId: entry.instance_id,
        incidentId: entry.incident_id,
        sourceIds: entry.source_ids,
        state: alive ? 'running' : 'exited',
        ageMs,
      });
    }
    return listings;
  }

  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    this.#polling ??= this.#poll();
    return () => void this.#watchers.delete(changed);
  }

  async capacity(): Promise<{ cpus: number; memoryMb: number }> {
    return { cpus: availableParallelism(), memoryMb: Math.floor(totalmem() / 1_048_576) };
  }

  async close(): Promise<void> {
    this.#polling?.cancel();
    this.#polling = undefined;
    this.#watchers.clear();
  }

  #entryOf(spec: DedicatedSpec): RegistryEntry {
    return withoutUndefined({
      instance_id: spec.instanceId,
      incident_id: spec.incidentId,
      source_ids: [...spec.sourceIds],
      written_at: new Date(this.#options.clock.now()).toISOString(),
    });
  }

  /** An unfinished entry completed by looking for its process. */
  #resolve(entry: RegistryEntry): RegistryEntry | undefined {
    if (entry.pid !== undefined) return entry;
    const pid = findProcess(this.#registry.folder, entry.instance_id);
    const startTime = pid === undefined ? undefined : processStartTime(pid);
    if (pid === undefined || startTime === undefined) return undefined;
    const found = { ...entry, pid, start_time: startTime };
    void this.#registry.write(found);
    return found;
  }

  #alive(entry: RegistryEntry): boolean {
    return entry.pid !== undefined && isAlive(entry.pid, entry.start_time);
  }

  #writtenAgo(entry: RegistryEntry): number {
    return Math.max(0, this.#options.clock.now() - Date.parse(entry.written_at));
  }

  #changed(): void {
    for (const changed of this.#watchers) {
      changed();
    }
  }

  /** Processes of an earlier boot are not children of this one: their end is only seen by looking. */
  #poll(): { cancel(): void } {
    return this.#options.clock.setTimeout(async () => {
      const alive = (await this.#registry.all().catch(() => []))
        .filter((entry) => this.#alive(entry))
        .map((entry) => entry.instance_id)
        .join();
      if (alive !== this.#lastAlive) {
        this.#changed();
      }
      this.#lastAlive = alive;
      if (this.#polling !== undefined) {
        this.#polling = this.#poll();
      }
    }, pollMs);
  }
}

function started(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const full = cause.code === 'EAGAIN' || cause.code === 'ENOMEM';
      reject(
        new RuntimeError(full ? 'no_resources' : 'failed', `the process could not be started: ${cause.message}`, cause),
      );
    });
  });
}

/** Age of a process from its start time in ticks since boot (proc(5)). */
function processAgeMs(startTicks: number): number {
  const uptimeSeconds = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  return Math.max(0, (uptimeSeconds - startTicks / ticksPerSecond) * 1000);
}
