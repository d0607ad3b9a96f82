import { isDeepStrictEqual } from 'node:util';
import { type DetectionPayload, fallEventId, type RoomFall, type RoomState, withoutUndefined } from '@vigilia/protocol';
import {
  adoptFalls,
  calibrationOf,
  createRoomVision,
  type Detection,
  type FallAnswer,
  type FallPolicy,
  type FrameSeen,
  findsMore,
  type FallDecisionState as KnownRoom,
  lookBack,
  type ModelCalibration,
  type PersonSeen,
  RecentFrames,
  type RoomEffect,
  type RoomSummary,
  type RoomVision,
  restoreRoom,
  saveRoom,
  summariseRoom,
  type TimeSpan,
} from '@vigilia/vision';
import type { ModelHost } from '../model/supervised-model-host.ts';
import type { BurstRequest } from './burst.ts';
import { detectionPayload } from './detection-payload.ts';
import { fallEventIds, fallNotice, fallTraceId } from './fall-notice.ts';
import type { MonitorSettings } from './monitor-settings.ts';
import type { RoomEventFields } from './room-events.ts';

/** What a room's frame showed, and when (a clock that never jumps and means the same to the next watcher). */
export interface Observation {
  readonly atMs: number;
  readonly detections: readonly Detection[];
  /** The model was shown the frame mirrored left to right. */
  readonly mirrored?: boolean | undefined;
  /** The camera's displayed frame, px. */
  readonly frameSize: { readonly width: number; readonly height: number };
}

/** What follows from an observation or from the time that passed. */
export interface Conclusion {
  readonly events: readonly RoomEventFields[];
  /** Look more closely for a while. */
  readonly burst?: BurstRequest | undefined;
  /** What the camera sent between the room's frames would show more: `beginLookBack`. */
  readonly looksBack: boolean;
  /** What travels with the room changed enough to be published. */
  readonly changed: boolean;
}

/** What a frame of the past showed. */
export interface PastSight {
  readonly atMs: number;
  /** The camera's displayed frame, px. */
  readonly frame: { readonly width: number; readonly height: number };
  readonly detections: readonly DetectionPayload[];
}

/** What people have done about the falls that an incident lists. */
export interface AnsweredFalls {
  readonly answer: FallAnswer;
  readonly eventIds: readonly string[];
}

export interface RoomPeopleOptions {
  readonly sourceId: number;
  readonly settings: MonitorSettings;
  readonly policy: FallPolicy;
  readonly model: Pick<ModelHost, 'modelId' | 'description' | 'sha256'>;
  /** What the watcher before left behind. */
  readonly restored?: RoomState | undefined;
}

/** While something is going on the room's memory is published this often at least, so that the next watcher can go on. */
const activeRepublishMs = 5_000;
const quietRepublishMs = 60_000;

/** A model and the SHA-256 of its files, as far as they are known. */
interface AlarmModel {
  readonly modelId: string | undefined;
  readonly sha256: string | undefined;
}

/** What is known of the people in a room: tracks, posture, falls. Knows nothing of streams and models. */
export class RoomPeople {
  readonly #options: RoomPeopleOptions;
  #settings: MonitorSettings;
  #vision: RoomVision;
  #memory: KnownRoom;
  #summary: RoomSummary;
  #published: { readonly summary: RoomSummary; readonly atMs: number } | undefined;
  #model: RoomPeopleOptions['model'];
  #calibration: ModelCalibration;
  /** The model that was in use when the alarm was raised. */
  #alarmModel: AlarmModel;
  /** The latest memory of another watcher of this room; what it contains counts for first sights that come after it, too. */
  #heard: KnownRoom | undefined;
  readonly #recent = new RecentFrames();
  /** What the watcher before left behind could not be read: the room started anew. */
  readonly memoryUnreadable: boolean;

  constructor(options: RoomPeopleOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#model = options.model;
    this.#calibration = calibrationFor(options.model);
    const { model_id, model_sha256 } = options.restored?.fall ?? {};
    this.#alarmModel = { modelId: model_id, sha256: model_sha256 };
    this.#vision = createRoomVision({ policy: options.policy, zones: options.settings.zones });
    const left = options.restored?.fall.memory;
    const restored = restoreRoom(left);
    this.memoryUnreadable = left !== undefined && left !== null && restored === undefined;
    this.#memory = restored ?? this.#vision.empty();
    this.#summary = summariseRoom(this.#memory);
  }

  /** How many people are in the room. */
  get count(): number {
    return this.#summary.people;
  }

  get fallState(): RoomSummary['state'] {
    return this.#summary.state;
  }

  /** Height of a standing person as a share of the frame's height; undefined until learned. */
  get standingHeight(): number | undefined {
    return this.#summary.referenceHeight;
  }

  /** Least confidence the model should report: lying people score low and are continued below the setting. */
  get confidence(): number {
    return Math.min(this.#settings.confidence, this.#calibration.continueConfidence);
  }

  setModel(model: RoomPeopleOptions['model']): void {
    this.#recent.forget();
    this.#model = model;
    this.#calibration = calibrationFor(model);
  }

  setSettings(settings: MonitorSettings): void {
    this.#recent.forget();
    this.#settings = settings;
    this.#vision = createRoomVision({ policy: this.#options.policy, zones: settings.zones });
  }

  /** The frame has another shape from now on; what is known of a fall is kept. */
  forgetPlaces(): void {
    this.#recent.forget();
    if (this.#summary.state !== 'none') {
      this.forgetLowPlaces();
      return;
    }
    this.#memory = this.#vision.empty();
    this.#summary = summariseRoom(this.#memory);
  }

  /** What the camera sends from now on is not analysed later either: the room is paused. */
  forgetRecentFrames(): void {
    this.#recent.forget();
  }

  /** Another camera shows the room: what it shows low is new. */
  forgetLowPlaces(): void {
    this.#memory = { ...this.#memory, lowPlaces: [] };
  }

  /** One analysed frame: what to publish of it, and what follows. */
  observe({
    atMs,
    detections,
    mirrored,
    frameSize,
  }: Observation): Conclusion & { readonly detections: readonly DetectionPayload[] } {
    const seen = this.#frameSeen({ atMs, detections, mirrored, frameSize });
    this.#recent.add(this.#memory, seen);
    const [memory, effects, people] = this.#vision.observe(this.#memory, seen);
    return { ...this.#conclude(memory, effects, atMs), detections: this.#toPublish(detections, people) };
  }

  /**
   * Returns the spans of time from which frames are wanted, the most important one first; empty where none are.
   * @param nowMs frames up to then are wanted; left out: up to the last one that was analysed
   */
  beginLookBack(nowMs?: number): readonly TimeSpan[] {
    return this.#recent.begin(nowMs);
  }

  /**
   * Decides again with frames of the past, in any order; without any, or where the room has changed since, nothing follows.
   * @returns also what each of those frames showed, as it would have been published
   */
  endLookBack(past: readonly Observation[]): Conclusion & { readonly seen: readonly PastSight[] } {
    const frames = past.map((one) => this.#frameSeen(one));
    const decided = this.#recent.end(frames);
    const atMs = this.#memory.atMs ?? 0;
    if (decided === undefined) return { ...this.#conclude(this.#memory, [], atMs), seen: [] };
    const { state, news, people } = lookBack(this.#vision, decided, this.#memory);
    const seen = frames.map((frame): PastSight => {
      const { width, height, detections } = frame;
      return {
        atMs: frame.atMs,
        frame: { width, height },
        detections: this.#toPublish(detections, people.get(frame) ?? []),
      };
    });
    return { ...this.#conclude(state, news, atMs), seen };
  }

  /** Time passed; call about once a second. */
  tick(atMs: number): Conclusion {
    return this.#conclude(...this.#vision.tick(this.#memory, atMs), atMs);
  }

  /** No frames come any more: no person counts as vanished, timers of people on the floor go on. */
  blind(atMs: number): Conclusion {
    this.#recent.forget();
    return this.#conclude(...this.#vision.blind(this.#memory, atMs), atMs);
  }

  /** People answered the falls of these events. */
  answer({ answer, eventIds }: AnsweredFalls, atMs: number): Conclusion {
    const { sourceId } = this.#options;
    const concerns = (fallId: string): boolean => fallEventIds(sourceId, fallId).some((id) => eventIds.includes(id));
    const [memory, effects] = this.#vision.answer(this.#memory, { answer, concerns }, atMs);
    if (!isDeepStrictEqual(memory.falls, this.#memory.falls)) {
      this.#recent.forget();
    }
    return this.#conclude(memory, effects, atMs);
  }

  /**
   * Another processor of this room published what it knows: what both see is one fall, reported once. A fall that it found by looking back
   * is taken over, with its moment.
   */
  hearOf(other: RoomState): Conclusion {
    this.#heard = restoreRoom(other.fall.memory);
    const known = this.#heard === undefined ? this.#memory : adoptFalls(this.#memory, this.#heard);
    const atMs = this.#memory.atMs ?? 0;
    if (this.#heard === undefined || !findsMore(this.#heard, known)) return this.#conclude(known, [], atMs);
    // what was reported here keeps its name
    const decided = this.#recent.since(adoptFalls(this.#heard, known));
    if (decided === undefined) return this.#conclude(known, [], atMs);
    const { state, news } = lookBack(this.#vision, decided, known);
    this.#recent.forget();
    return this.#conclude(state, news, atMs);
  }

  /** What must travel with the room. */
  state(): Pick<RoomState, 'fall' | 'reference_height'> {
    const { referenceHeight } = this.#summary;
    return withoutUndefined({
      fall: { ...fallOf(this.#options.sourceId, this.#summary, this.#alarmModel), memory: saveRoom(this.#memory) },
      reference_height: referenceHeight,
    });
  }

  #conclude(memory: KnownRoom, effects: readonly RoomEffect[], atMs: number): Conclusion {
    this.#recent.reported(effects);
    this.#memory = this.#heard === undefined ? memory : adoptFalls(memory, this.#heard);
    this.#summary = summariseRoom(this.#memory);
    // the host may have loaded other files meanwhile: its hash is read when it counts
    const { modelId, sha256 } = this.#model;
    const context = { sourceId: this.#options.sourceId, modelId, modelSha256: sha256 };
    if (effects.some(({ kind }) => kind === 'detected')) {
      this.#alarmModel = { modelId, sha256 };
    }
    return {
      events: effects.flatMap((effect) => fallNotice(effect, context) ?? []),
      burst: effects.find((effect) => effect.kind === 'burst'),
      looksBack: effects.some(({ kind }) => kind === 'look_back'),
      changed: this.#isNews(atMs),
    };
  }

  #frameSeen({ atMs, detections, mirrored, frameSize: { width, height } }: Observation): FrameSeen {
    return { atMs, detections, mirrored, width, height, calibration: this.#calibration };
  }

  #isNews(atMs: number): boolean {
    const before = this.#published;
    const pauseMs = this.#summary.people > 0 || this.#summary.state !== 'none' ? activeRepublishMs : quietRepublishMs;
    const same =
      before !== undefined &&
      before.summary.state === this.#summary.state &&
      before.summary.fallId === this.#summary.fallId &&
      before.summary.quiet === this.#summary.quiet;
    if (same && atMs - before.atMs < pauseMs) return false;
    this.#published = { summary: this.#summary, atMs };
    return true;
  }

  /** Everything from the room's confidence on, and weaker people who are being followed. */
  #toPublish(detections: readonly Detection[], people: readonly PersonSeen[]): DetectionPayload[] {
    return detections.flatMap((detection, index) => {
      const person = people.find((one) => one.index === index);
      if (person === undefined && detection.confidence < this.#settings.confidence) return [];
      return [detectionPayload(detection, this.#settings.tracking ? person : undefined)];
    });
  }
}

const calibrationFor = ({ modelId, description }: RoomPeopleOptions['model']): ModelCalibration =>
  calibrationOf(modelId, description.calibration).calibration;

function fallOf(sourceId: number, summary: RoomSummary, { modelId, sha256 }: AlarmModel): RoomFall {
  const { state, fallId, lowAtMs, alarmAtMs, remindedAtMs, abrupt, place, quiet } = summary;
  const iso = (ms: number): string => new Date(ms).toISOString();
  const traceId = fallId === undefined ? undefined : fallTraceId(sourceId, fallId);
  return withoutUndefined({
    state,
    low_since: lowAtMs === undefined ? undefined : iso(lowAtMs),
    place,
    event_id: traceId === undefined ? undefined : fallEventId('fall_detected', traceId),
    trace_id: traceId,
    alarm_at: alarmAtMs === undefined ? undefined : iso(alarmAtMs),
    model_id: alarmAtMs !== undefined ? modelId : undefined,
    model_sha256: alarmAtMs !== undefined ? sha256 : undefined,
    reminded_at: remindedAtMs === undefined ? undefined : iso(remindedAtMs),
    abrupt,
    quiet: quiet === true ? true : undefined,
  });
}
