import type { Logger } from '@vigilia/service';
import type { FallPolicy } from '@vigilia/vision';
import type { ModelHost } from '../model/supervised-model-host.ts';
import type { IncidentReplays } from '../replay/incident-replays.ts';
import type { HostWorker } from '../schedule/host-worker.ts';
import type { RoomStream } from '../stream/room-stream.ts';
import type { StreamSpec } from '../stream/stream-spec.ts';
import type { OneAtATime } from './one-at-a-time.ts';
import type { RoomMessagesOptions } from './room-messages.ts';

/** What all monitored rooms of a processor share. */
export interface RoomContext extends RoomMessagesOptions {
  readonly logger: Logger;
  /** The worker of a model host: one a host. */
  workerOf(model: ModelHost): HostWorker;
  openStream(spec: StreamSpec): RoomStream;
  /** Rooms look back one after the other: each needs the memory of half a minute of frames. */
  readonly lookBacks: Pick<OneAtATime, 'run'>;
  /** A look-back that takes longer goes on with what it has, ms. */
  readonly lookBackLimitMs: number;
  /** Keeps what was observed, for the replay of an incident. */
  readonly replays: Pick<IncidentReplays, 'observe'>;
  readonly fallPolicy: FallPolicy;
  /** Monotonic 0 on the wall clock when the process started, ms: times of falls never jump with the wall clock. */
  readonly originMs: number;
}
