import { randomBytes } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import {
  channels,
  type ReportedFolder,
  type ServiceReport,
  serviceReportIntervalMs,
  withoutUndefined,
} from '@vigilia/protocol';
import type { ChannelBus } from './channel-bus.ts';
import type { Clock, Timer } from './clock.ts';
import type { RecentTroubles } from './recent-troubles.ts';
import { version } from './version.ts';

/** A folder that the service writes to. */
export interface WrittenFolder {
  /** What it is for: `state`, `spool`. */
  readonly name: string;
  readonly dir: string;
  /** What the service keeps there, where it counts, and the most that it may keep. */
  readonly usedBytes?: () => number;
  readonly maxBytes?: number;
}

export interface ServiceReporterOptions {
  readonly bus: ChannelBus;
  /** `processor`, `orchestrator` … */
  readonly service: string;
  readonly instanceId: () => string;
  readonly clock: Clock;
  readonly folders: readonly WrittenFolder[];
  readonly troubles: RecentTroubles;
  /** What only this service knows. */
  readonly details: () => Pick<ServiceReport, 'alert_targets'>;
}

/** Publishes what a service knows of itself: version, clock, disks, the latest warnings and errors of its log. */
export class ServiceReporter {
  readonly #options: ServiceReporterOptions;
  readonly #bootId = randomBytes(4).toString('hex');
  readonly #startedAt: string;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: ServiceReporterOptions) {
    this.#options = options;
    this.#startedAt = new Date(options.clock.now()).toISOString();
  }

  /** Publishes at once when the broker is connected, and then at a steady beat. */
  start(): void {
    this.#options.bus.bus.onConnect(() => this.#beat());
  }

  /** Publishes that the service stops; not awaited, because a broker that hangs would never answer. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#send(this.#report('stopped', []));
  }

  #beat(): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimeout(() => this.#beat(), serviceReportIntervalMs);
    void this.#measureAndSend();
  }

  async #measureAndSend(): Promise<void> {
    const folders = await Promise.all(this.#options.folders.map(measured));
    if (this.#stopped) return;
    this.#send(
      this.#report(
        'running',
        folders.filter((folder) => folder !== undefined),
      ),
    );
  }

  #send(report: ServiceReport): void {
    const { bus } = this.#options;
    if (!bus.connected) return;
    void bus.publish(channels.serviceReport, { instance_id: report.instance_id }, report).catch(() => undefined);
  }

  #report(state: ServiceReport['state'], folders: ReportedFolder[]): ServiceReport {
    const { service, instanceId, clock, troubles, details } = this.#options;
    return {
      instance_id: instanceId(),
      service,
      version,
      boot_id: this.#bootId,
      state,
      started_at: this.#startedAt,
      timestamp: new Date(clock.now()).toISOString(),
      folders,
      troubles: troubles.list(),
      ...details(),
    };
  }
}

/** Undefined while the folder does not exist. */
async function measured({ name, dir, usedBytes, maxBytes }: WrittenFolder): Promise<ReportedFolder | undefined> {
  const disk = await statfs(dir).catch(() => undefined);
  if (disk === undefined) return undefined;
  return withoutUndefined({
    name,
    free_bytes: disk.bavail * disk.bsize,
    total_bytes: disk.blocks * disk.bsize,
    used_bytes: usedBytes?.(),
    max_bytes: maxBytes,
  });
}
