import type { DetectionPayload, DetectionsMessage, RoomFall, RoomState } from '@vigilia/protocol';
import type { ObservedRoom } from '../plan/view.ts';

type RoomRecord = { -readonly [K in keyof ObservedRoom]: ObservedRoom[K] } & {
  /** Who reported last that a person lies there. */
  alarmBy?: string;
};

/** Who lies and who is up, by room. Times are monotonic milliseconds. */
export class KnownRooms {
  readonly #records = new Map<number, RoomRecord>();
  readonly #states = new Map<number, RoomState>();

  get all(): ReadonlyMap<number, ObservedRoom> {
    return this.#records;
  }

  /** The last state that a watcher wrote of each room: what moves with the room. */
  get states(): ReadonlyMap<number, RoomState> {
    return this.#states;
  }

  /**
   * The room's state as its watcher wrote it. Up counts from the first report without a break. A new watcher that
   * knows of no fall does not show that the person got up; postures do.
   */
  state(state: RoomState, nowMs: number): void {
    this.#states.set(state.source_id, state);
    const record = this.#of(state.source_id);
    const wasDown = record.fall === 'down' || record.fall === 'alarm';
    const by = `${state.watcher ?? ''} ${state.boot_id ?? ''}`;
    record.fall = fallOf(state);
    record.down = record.fall === 'down' || record.fall === 'alarm';
    if (record.down) {
      record.alarmBy = by;
    }
    // the last frames before a person was missed showed the person up
    if (record.down && !wasDown) {
      delete record.noneLowSinceMs;
    }
    if (record.down || record.fall === 'candidate') {
      delete record.upSinceMs;
    } else if (record.fall === 'recovered' || (wasDown && record.alarmBy === by)) {
      record.upSinceMs ??= record.noneLowSinceMs ?? nowMs;
    }
  }

  /** A fall was reported: only what is seen from now on shows that the person is up. */
  reported(sourceId: number): void {
    delete this.#of(sourceId).upSinceMs;
  }

  /**
   * Postures count where the fall machine has no opinion: a fall that another sensor reported, a drill; and where the alarm
   * is another watcher's who no longer sees the room, and which the present watcher never received. An empty room shows nothing:
   * a person who was reported fallen and cannot be found is not "up". Returns whether that changed anything.
   */
  detections(message: DetectionsMessage, nowMs: number): boolean {
    const record = this.#of(message.source_id);
    notePostures(record, message, nowMs);
    const hearsay = record.alarmBy?.startsWith(`${message.instance_id} `) !== true;
    const isOver = record.fall === 'none' || record.fall === 'recovered';
    if (!isOver && !(hearsay && (record.fall === 'alarm' || record.fall === 'down'))) return false;
    const before = record.upSinceMs;
    const postures = message.detections.map((detection) => detection.posture);
    if (postures.includes('low')) {
      delete record.upSinceMs;
      record.down = !isOver;
    } else if (postures.some(isUp)) {
      record.upSinceMs ??= nowMs;
      record.down = false;
    }
    return record.upSinceMs !== before;
  }

  #of(sourceId: number): RoomRecord {
    let record = this.#records.get(sourceId);
    if (record === undefined) {
      record = { fall: 'none', down: false };
      this.#records.set(sourceId, record);
    }
    return record;
  }
}

/** A person who resolved an alarm silenced it; the resident still lies there until the processor sees the resident up. */
function fallOf({ fall }: RoomState): RoomFall['state'] {
  return fall.state === 'none' && fall.quiet === true ? 'down' : fall.state;
}

function notePostures(record: RoomRecord, { detections }: DetectionsMessage, nowMs: number): void {
  const postures = detections.map(({ posture }) => posture);
  if (postures.includes('low')) {
    delete record.noneLowSinceMs;
  } else if (postures.some(isUp)) {
    record.noneLowSinceMs ??= nowMs;
  }
}

function isUp(posture: DetectionPayload['posture']): boolean {
  return posture === 'up' || posture === 'sitting' || posture === 'bed';
}
