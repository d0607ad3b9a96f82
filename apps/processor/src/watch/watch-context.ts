import type { Logger } from '@vigilia/service';
import type { FallPolicy } from '@vigilia/vision';
import type { HostWorker } from '../schedule/host-worker.ts';
import type { ModelHost, RoomStream, StreamSpec } from './ports.ts';
import type { RoomAnnouncerOptions } from './room-announcer.ts';

/** What all watches of a processor share. */
export interface WatchContext extends Omit<RoomAnnouncerOptions, 'sourceId'> {
  readonly logger: Logger;
  /** The worker of a model host: one a host. */
  workerOf(model: ModelHost): HostWorker;
  openStream(spec: StreamSpec): RoomStream;
  readonly fallPolicy: FallPolicy;
  /** Monotonic 0 on the wall clock when the process started, ms: times of falls never jump with the wall clock. */
  readonly originMs: number;
}
