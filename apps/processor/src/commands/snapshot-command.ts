import { CommandError, type CommandParams, channels, type Snapshot } from '@vigilia/protocol';
import type { ChannelBus, Logger } from '@vigilia/service';
import { encodeSnapshot } from '../picture/encode-snapshot.ts';
import type { Identity } from '../publish/identity.ts';
import type { MonitoredRoom } from '../room/room-monitor.ts';
import type { Frame } from '../stream/frame.ts';

export interface SnapshotCommandOptions {
  readonly bus: ChannelBus;
  readonly identity: Identity;
  readonly logger: Logger;
  /** Path of ffmpeg. */
  readonly ffmpeg: string;
  /** The monitor of a room that this processor has. */
  roomOf(sourceId: number): Pick<MonitoredRoom, 'stream'> | undefined;
}

/**
 * The command `snapshot`. No snapshot leaves the processor unless the acting orchestrator publishes, retained, that the policy allows
 * it: one that was never heard of, or went away, allows nothing.
 */
export class SnapshotCommand {
  readonly #options: SnapshotCommandOptions;
  #allowed = false;

  constructor(options: SnapshotCommandOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { bus } = this.#options;
    bus.bus.onDisconnect(() => {
      this.#allowed = false;
    });
    await bus.subscribe(
      channels.orchestratorStatus,
      ({ value }) => {
        this.#allowed = value?.status === 'acting' && value.snapshots === true;
      },
      {
        onRejected: () => {
          this.#allowed = false;
        },
      },
    );
  }

  /** @throws CommandError `snapshots_off`, `unknown_stream`, `stream_unreachable` */
  async run(params: CommandParams<'snapshot'>, commandId: string): Promise<Record<string, unknown>> {
    const { bus, identity, ffmpeg, logger } = this.#options;
    const { source_id: sourceId, reveal = false, by } = params;
    if (!this.#allowed)
      throw new CommandError('snapshots_off', 'The policy does not allow snapshots (snapshots: false)');
    const frame = this.#frame(sourceId);
    const snapshot: Snapshot = {
      source_id: sourceId,
      instance_id: identity.instanceId,
      command_id: commandId,
      timestamp: new Date(frame.wallMs).toISOString(),
      blurred: !reveal,
      jpeg: (await encodeSnapshot(ffmpeg, frame, { blurred: !reveal })).toString('base64'),
    };
    // again, because encoding took a moment
    if (!this.#allowed)
      throw new CommandError('snapshots_off', 'The policy does not allow snapshots (snapshots: false)');
    await bus.publish(channels.snapshot, { source_id: sourceId }, snapshot);
    const fields = { event: 'picture_sent', source_id: sourceId, blurred: !reveal, command_id: commandId, by };
    logger.info(fields, 'a snapshot left the processor');
    return { blurred: !reveal };
  }

  #frame(sourceId: number): Frame {
    const monitor = this.#options.roomOf(sourceId);
    if (monitor === undefined)
      throw new CommandError('unknown_stream', `Room ${sourceId} is not watched here`, { field: 'source_id' });
    const frame = monitor.stream.blind() === undefined ? monitor.stream.newest() : undefined;
    if (frame === undefined) throw new CommandError('stream_unreachable', `Room ${sourceId} has no picture now`);
    return frame;
  }
}
