import { type DetectionPayload, type RoomState, withoutUndefined } from '@vigilia/protocol';
import type { Clock } from '@vigilia/service';
import type { CameraView } from '@vigilia/vision';
import type { InferenceResult } from '../model/inference-result.ts';
import type { Frame } from '../stream/frame.ts';
import { detectionsMessage } from './detections-message.ts';
import type { MonitorSettings } from './monitor-settings.ts';
import type { RoomEventFields } from './room-events.ts';
import type { RoomOutput } from './room-publisher.ts';

export interface RoomMessagesOptions {
  readonly clock: Clock;
  readonly output: RoomOutput;
  /** Read anew for each message: `rename_instance` changes it. */
  readonly identity: { readonly instanceId: string; readonly bootId: string };
  /** Counts up for each analysed frame of a room over the whole life of this process. */
  readonly nextFrameId: (sourceId: number) => number;
}

/** Puts what a monitored room has to publish into messages. */
export class RoomMessages {
  readonly #sourceId: number;
  readonly #options: RoomMessagesOptions;
  readonly #since: string;

  constructor(sourceId: number, options: RoomMessagesOptions) {
    this.#sourceId = sourceId;
    this.#options = options;
    this.#since = new Date(options.clock.now()).toISOString();
  }

  /** One analysed frame: the proof that the room is watched. */
  detections(facts: {
    readonly frame: Frame;
    readonly modelId: string;
    readonly result: InferenceResult;
    readonly detections: readonly DetectionPayload[];
    readonly fps: number;
  }): void {
    const { clock, output, identity, nextFrameId } = this.#options;
    const { instanceId, bootId } = identity;
    const latencyMs = clock.monotonic() - facts.frame.monotonicMs;
    output.detections(
      detectionsMessage({ ...facts, instanceId, bootId, frameId: nextFrameId(this.#sourceId), latencyMs }),
    );
  }

  event(event: RoomEventFields): void {
    const { clock, output, identity } = this.#options;
    const timestamp = new Date(clock.now()).toISOString();
    output.event({ ...event, source_id: this.#sourceId, instance_id: identity.instanceId, timestamp });
  }

  /** What must travel with the room. */
  room(facts: {
    readonly settings: MonitorSettings;
    readonly view: CameraView;
    /** Wall clock, ms; undefined while it sees. */
    readonly blindSinceMs: number | undefined;
    readonly people: Pick<RoomState, 'fall' | 'reference_height'>;
  }): void {
    const { output, identity } = this.#options;
    const { view } = facts;
    const { zones } = facts.settings;
    output.room(
      withoutUndefined({
        source_id: this.#sourceId,
        watcher: identity.instanceId,
        boot_id: identity.bootId,
        since: this.#since,
        blind_since: facts.blindSinceMs === undefined ? undefined : new Date(facts.blindSinceMs).toISOString(),
        zones: zones === undefined ? undefined : [...zones],
        camera_view: withoutUndefined({ rotate: view.rotate, aspect: view.aspect }),
        ...facts.people,
      }),
    );
  }
}
