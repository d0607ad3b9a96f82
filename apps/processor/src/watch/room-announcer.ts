import type { DetectionPayload, RoomState } from '@vigilia/protocol';
import type { Clock } from '@vigilia/service';
import type { CameraView } from '@vigilia/vision';
import { detectionsMessage } from './detections-message.ts';
import type { Frame, InferenceResult, WatchOutput, WatchSettings } from './ports.ts';
import type { RoomEvent } from './room-events.ts';

export interface RoomAnnouncerOptions {
  readonly sourceId: number;
  readonly clock: Clock;
  readonly output: WatchOutput;
  /** Read anew for each message: `rename_instance` changes it. */
  readonly identity: { readonly instanceId: string; readonly bootId: string };
  /** Counts up for each analysed frame of a room over all its watches of this boot. */
  readonly nextFrameId: (sourceId: number) => number;
}

/** Puts what a watch has to say into messages. */
export class RoomAnnouncer {
  private readonly options: RoomAnnouncerOptions;
  private readonly since: string;

  constructor(options: RoomAnnouncerOptions) {
    this.options = options;
    this.since = new Date(options.clock.now()).toISOString();
  }

  /** One analysed frame: the proof that the room is watched. */
  detections(facts: {
    readonly frame: Frame;
    readonly modelId: string;
    readonly result: InferenceResult;
    readonly detections: readonly DetectionPayload[];
    readonly fps: number;
  }): void {
    const { sourceId, clock, output, identity, nextFrameId } = this.options;
    const { instanceId, bootId } = identity;
    const latencyMs = clock.monotonic() - facts.frame.monotonicMs;
    output.detections(detectionsMessage({ ...facts, instanceId, bootId, frameId: nextFrameId(sourceId), latencyMs }));
  }

  event(event: RoomEvent): void {
    const { sourceId, clock, output, identity } = this.options;
    const timestamp = new Date(clock.now()).toISOString();
    output.event({ ...event, source_id: sourceId, instance_id: identity.instanceId, timestamp });
  }

  /** What must travel with the room. */
  room(facts: {
    readonly settings: WatchSettings;
    readonly view: CameraView;
    /** Wall clock, ms; undefined while it sees. */
    readonly blindSinceMs: number | undefined;
    readonly people: Pick<RoomState, 'fall' | 'reference_height'>;
  }): void {
    const { sourceId, output, identity } = this.options;
    const { view } = facts;
    const { zones } = facts.settings;
    output.room({
      ...{ source_id: sourceId, watcher: identity.instanceId, boot_id: identity.bootId, since: this.since },
      ...(facts.blindSinceMs !== undefined && { blind_since: new Date(facts.blindSinceMs).toISOString() }),
      ...(zones !== undefined && { zones: [...zones] }),
      camera_view: { rotate: view.rotate, ...(view.aspect !== undefined && { aspect: view.aspect }) },
      ...facts.people,
    });
  }
}
