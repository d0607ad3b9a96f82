import { isDeepStrictEqual } from 'node:util';
import type { RoomState } from '@vigilia/protocol';
import { type CameraFacts, chooseInputSize, type InputSize } from '@vigilia/vision';
import type { ModelHost } from '../model/supervised-model-host.ts';
import type { MonitoredRoom } from '../room/room-monitor.ts';
import type { StreamSpec } from '../stream/stream-spec.ts';
import type { RoomCamera } from './plan-change.ts';

interface KnownCamera extends CameraFacts {
  readonly address: string;
  readonly view: StreamSpec['view'];
  /** What its frames are scaled to now, px. */
  readonly current: InputSize;
}

/**
 * Decides the size of the frames that a room's model takes. Most models have one size; the input of a resizable one follows the
 * camera's aspect and how large people are in its picture, both of which only the running stream shows.
 */
export class InputSizes {
  readonly #known = new Map<number, KnownCamera>();
  /** What the last processor that monitored the room left for the next. */
  readonly #restoredRoom: (sourceId: number) => Pick<RoomState, 'reference_height'> | undefined;

  constructor(options: { restoredRoom(sourceId: number): Pick<RoomState, 'reference_height'> | undefined }) {
    this.#restoredRoom = (sourceId) => options.restoredRoom(sourceId);
  }

  /** Takes over what the running streams have shown by now. */
  observe(monitors: Iterable<MonitoredRoom>): void {
    for (const { sourceId, stream, standingHeight } of monitors) {
      const { address, view, width, height } = stream.spec;
      const before = this.#known.get(sourceId);
      const same = before !== undefined && samePicture(before, stream.spec) ? before : undefined;
      this.#known.set(sourceId, {
        address,
        view,
        current: { width, height },
        frameSize: stream.newest()?.displayed ?? same?.frameSize,
        standingHeight: standingHeight ?? same?.standingHeight,
      });
    }
  }

  /** @param models those of the rooms, all loaded */
  inputSize(camera: RoomCamera, models: ReadonlyMap<string, ModelHost>): InputSize {
    const { room } = camera;
    const description = models.get(room.modelId)?.description;
    if (description === undefined) throw new Error(`Model ${room.modelId} was planned but not prepared.`);
    if (!description.resizable) return description;
    const remembered = this.#known.get(room.sourceId);
    const known = remembered !== undefined && samePicture(remembered, camera) ? remembered : undefined;
    const restored = this.#restoredRoom(room.sourceId)?.reference_height;
    const facts = { frameSize: known?.frameSize, standingHeight: known?.standingHeight ?? restored };
    return chooseInputSize(facts, { current: known?.current, maxFactor: description.maxInputFactor });
  }
}

const samePicture = (a: Pick<StreamSpec, 'address' | 'view'>, b: Pick<StreamSpec, 'address' | 'view'>): boolean =>
  a.address === b.address && isDeepStrictEqual(a.view, b.view);
