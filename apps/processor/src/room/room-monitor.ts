import { isDeepStrictEqual } from 'node:util';
import type { RoomState } from '@vigilia/protocol';
import type { Timer } from '@vigilia/service';
import type { InferenceResult } from '../model/inference-result.ts';
import { ModelHostError } from '../model/model-host-error.ts';
import type { ModelHost } from '../model/supervised-model-host.ts';
import type { ReplaySight } from '../replay/incident-replays.ts';
import type { Rate, ScheduledRoom } from '../schedule/host-worker.ts';
import type { Offer } from '../schedule/room-schedule.ts';
import type { BlindCause, Blindness } from '../stream/blindness.ts';
import type { Frame } from '../stream/frame.ts';
import type { RoomStream } from '../stream/room-stream.ts';
import { analysePast } from './analyse-past.ts';
import { Burst } from './burst.ts';
import { HostMembership } from './host-membership.ts';
import { ModelFault } from './model-fault.ts';
import type { MonitorSettings } from './monitor-settings.ts';
import { ResultLog } from './result-log.ts';
import { RoomBlindness } from './room-blindness.ts';
import type { RoomContext } from './room-context.ts';
import { RoomFrames, type RoomFramesListener } from './room-frames.ts';
import { RoomMessages } from './room-messages.ts';
import { type AnsweredFalls, type Conclusion, RoomPeople } from './room-people.ts';
import { RoomVisibility } from './room-visibility.ts';
import { type UnwatchedCause, unwatchedCause } from './unwatched-cause.ts';
import { sameResult, wantedRate } from './wanted-rate.ts';

const tickMs = 1000;

export interface RoomMonitorOptions {
  readonly sourceId: number;
  readonly stream: RoomStream;
  readonly model: ModelHost;
  readonly settings: MonitorSettings;
  /** The camera refuses a second session: a burst does not open one beside the first. */
  readonly singleSession?: boolean;
  /** The retained `nvr/rooms/{id}` of the processor that had the room before: the fall decision goes on where that one stopped. */
  readonly restored?: RoomState | undefined;
}

/** Counters for metrics and status. */
export interface RoomCounters {
  readonly received: number;
  readonly analysed: number;
  readonly skipped: number;
  readonly fps: number;
  readonly lastFrameMs: number | undefined;
  readonly blindMs: Readonly<Partial<Record<BlindCause, number>>>;
  readonly unwatchedMs: Readonly<Partial<Record<UnwatchedCause, number>>>;
  readonly people: number;
  readonly fall: string;
}

/** What the rest of the processor may ask of a room; tests replace it. */
export type MonitoredRoom = Omit<RoomMonitor, 'start' | 'offer' | 'analyse' | 'frameArrived' | 'blindnessChanged'>;

/**
 * Monitors one room. `analyse` is the way of a frame, from the stream's newest frame to the published detections. The stream, the
 * model and the settings are exchanged in one synchronous step (`switchTo`).
 */
export class RoomMonitor implements ScheduledRoom, RoomFramesListener {
  readonly sourceId: number;
  readonly #context: RoomContext;
  readonly #frames: RoomFrames;
  readonly #results: ResultLog;
  readonly #blindness = new RoomBlindness();
  readonly #modelFault = new ModelFault();
  readonly #quality = new RoomVisibility();
  readonly #burst: Burst;
  readonly #people: RoomPeople;
  readonly #messages: RoomMessages;
  readonly #host: HostMembership;
  #settings: MonitorSettings;
  /** Counts changes of anything that a result depends on: a result of an earlier one is dropped. */
  #generation = 0;
  /** Frames that a model was shown: every second one is mirrored where the model needs it. */
  #shown = 0;
  #ticker: Timer | undefined;
  #paused = false;
  readonly #stopping = new AbortController();
  /** Frames of the past are being analysed, and more of them were asked for meanwhile. */
  #looksBack = false;
  #looksBackAgain = false;
  /** Frames up to now are wanted, not only those before the last one that was analysed. */
  #looksBackToNow = false;
  #stopped = false;

  constructor(options: RoomMonitorOptions, context: RoomContext) {
    const { sourceId, stream, model, settings, restored } = options;
    this.sourceId = sourceId;
    this.#context = context;
    this.#settings = settings;
    this.#host = new HostMembership({ room: this, host: model, workerOf: context.workerOf });
    this.#messages = new RoomMessages(sourceId, context);
    this.#results = new ResultLog({ clock: context.clock, intervalMs: 1000 / settings.maxFps });
    this.#people = new RoomPeople({ sourceId, settings, restored, policy: context.fallPolicy, model });
    this.#frames = new RoomFrames({ stream, listener: this });
    const { singleSession = false } = options;
    this.#burst = new Burst({ source: this.#frames, openStream: context.openStream, singleSession });
  }

  start(): void {
    this.#frames.start();
    this.blindnessChanged();
    if (this.#people.memoryUnreadable) {
      const fields = { event: 'fall_memory_unreadable', source_id: this.sourceId };
      this.#context.logger.warn(fields, 'the fall memory of the last processor cannot be read; the room starts anew');
    }
    this.#reportLostPast();
    this.#publishRoom();
    this.#join();
    this.#tick();
  }

  /** What a camera sent before is in the memory of the processor that had the room: this one cannot look back to it. */
  #reportLostPast(): void {
    const { fallState } = this.#people;
    if (fallState !== 'candidate' && fallState !== 'down') return;
    const fields = { event: 'past_lost', source_id: this.sourceId, fall_state: fallState };
    this.#context.logger.warn(fields, 'a fall is suspected, and what the camera sent before cannot be analysed here');
  }

  get stream(): RoomStream {
    return this.#frames.stream;
  }

  get model(): ModelHost {
    return this.#host.host;
  }

  get settings(): MonitorSettings {
    return this.#settings;
  }

  /** Why the room cannot be seen, by its camera or by its model; undefined while it can. */
  blind(): Blindness | undefined {
    return this.stream.blind() ?? this.#modelFault.blind() ?? this.#quality.blind(this.#context.originMs);
  }

  /** Height of a standing person as a share of the frame's height; undefined until learned. */
  get standingHeight(): number | undefined {
    return this.#people.standingHeight;
  }

  /** The frame that could be analysed now; the model's worker asks (`schedule/host-worker.ts`). */
  offer(): Offer | undefined {
    return this.#paused || this.#stopped ? undefined : this.#frames.offer();
  }

  /**
   * The way of one frame: taken from the stream, analysed by the model, compared with what is known of the room's people, published.
   * The model's worker calls it when the room's turn has come. Never rejects.
   */
  async analyse(): Promise<void> {
    const frame = this.#frames.take();
    if (frame === undefined) return;
    const generation = this.#generation;
    const host = this.model;
    try {
      const mirrored = host.description.mirrorsEverySecondFrame && this.#shown % 2 === 1;
      this.#shown += 1;
      const result = await host.infer(frame, { confidence: this.#people.confidence, mirrored });
      if (generation === this.#generation) {
        this.#conclude(frame, host, result, mirrored);
      } else {
        this.#frames.giveBack(frame);
      }
    } catch (error) {
      this.#frameLost(frame, host, error, generation);
    }
  }

  #conclude(frame: Frame, host: ModelHost, result: InferenceResult, mirrored: boolean): void {
    const atMs = this.#fallTime(frame.monotonicMs);
    const { detections: found } = result;
    const conclusion = this.#people.observe({ atMs, detections: found, mirrored, frameSize: frame.displayed });
    this.#results.add(this.#context.clock.monotonic());
    if (this.#modelFault.clear()) {
      this.blindnessChanged();
    }
    this.#noteCause();
    const { detections } = conclusion;
    this.#messages.detections({ frame, result, detections, modelId: host.modelId, fps: this.#results.fps() });
    this.#keepForReplay({ atMs, frame: frame.displayed, modelId: host.modelId, detections });
    this.#follow(conclusion);
    // a person who is not found in a frame that shows nothing has not gone
    if (this.#quality.blind(this.#context.originMs) !== undefined) {
      this.#follow(this.#people.blind(atMs));
    }
  }

  #keepForReplay(sight: Omit<ReplaySight, 'sourceId' | 'zones'>): void {
    const { sourceId, settings } = this;
    this.#context.replays.observe({ ...sight, sourceId, zones: settings.zones });
  }

  #frameLost(frame: Frame, host: ModelHost, err: unknown, generation: number): void {
    if (this.#stopped) return;
    const code = err instanceof ModelHostError ? err.code : undefined;
    if (code === 'untouched') {
      this.#frames.giveBack(frame);
      this.#host.dueNow();
      return;
    }
    if (err instanceof ModelHostError && code === 'failed' && generation === this.#generation) {
      this.#modelFault.add(err.message, this.#context.clock.now());
      this.blindnessChanged();
    }
    const fields = { event: 'frame_lost', source_id: this.sourceId, model_id: host.modelId, err };
    this.#context.logger.warn(fields, 'frame lost');
  }

  /** Publishes what follows from what was seen, and looks more closely where that is asked for. */
  #follow({ events, burst, looksBack, changed }: Conclusion): void {
    for (const event of events) {
      this.#messages.event(event);
    }
    if (burst !== undefined) {
      this.#burst.begin(burst, this.#context.clock.monotonic());
    }
    this.#applyRate();
    if (changed) {
      this.#publishRoom();
    }
    if (looksBack) {
      void this.#lookBack();
    }
  }

  /** Analyses what the camera sent between the room's last frames, and decides again with it. Never rejects. */
  async #lookBack(): Promise<void> {
    this.#looksBackAgain = this.#looksBack;
    if (this.#looksBack) return;
    this.#looksBack = true;
    do {
      this.#looksBackAgain = false;
      await this.#context.lookBacks
        .run(() => this.#lookBackOnce())
        .catch((err) => {
          const fields = { event: 'look_back_failed', source_id: this.sourceId, err };
          this.#context.logger.error(fields, 'the room was not decided again');
        });
    } while (this.#looksBackAgain && !this.#stopped);
    this.#looksBack = false;
  }

  async #lookBackOnce(): Promise<void> {
    const nowMs = this.#looksBackToNow ? this.#fallTime() : undefined;
    this.#looksBackToNow = false;
    const spans = this.#people.beginLookBack(nowMs);
    if (this.#stopped || this.#paused || spans.length === 0) return;
    const generation = this.#generation;
    const { host, worker } = this.#host;
    const { confidence } = this.#people;
    const { signal } = this.#stopping;
    const past = await analysePast({ stream: this.stream, host, worker, confidence, spans, signal }, this.#context);
    const isCurrent = generation === this.#generation && !this.#stopped;
    const { seen, ...conclusion } = this.#people.endLookBack(isCurrent ? past : []);
    for (const sight of seen) {
      this.#keepForReplay({ ...sight, modelId: host.modelId });
    }
    this.#follow(conclusion);
  }

  /** Synchronous: from this call on the new parts are used; results of the old ones still in flight are dropped. */
  switchTo({ stream, model, settings }: { stream?: RoomStream; model?: ModelHost; settings?: MonitorSettings }): void {
    const moving = model !== undefined && model !== this.model;
    const other = settings !== undefined && !sameResult(settings, this.#settings);
    if (stream !== undefined || moving || other) {
      this.#generation++;
    }
    // no worker may serve the room while its parts do not fit together
    if (moving) {
      this.#host.leave();
    }
    if (settings !== undefined) {
      this.#settings = settings;
      this.#people.setSettings(settings);
      this.#results.setInterval(1000 / settings.maxFps);
    }
    if (stream !== undefined && stream !== this.stream) {
      this.#switchStream(stream);
    }
    if (moving) {
      this.#people.setModel(model);
      this.#host.moveTo(model);
      if (!this.#paused) {
        this.#join();
      }
    } else {
      this.#applyRate();
    }
    if (other) {
      this.#publishRoom();
    }
  }

  #switchStream(stream: RoomStream): void {
    void this.#burst.end();
    const { spec } = this.stream;
    const reshaped = !isDeepStrictEqual(stream.spec.view, spec.view);
    const otherCamera = stream.spec.address !== spec.address;
    this.#frames.switchTo(stream);
    if (reshaped || otherCamera) {
      this.#quality.reset();
    }
    this.blindnessChanged();
    if (otherCamera) {
      this.#people.forgetLowPlaces();
    }
    if (!reshaped) return;
    // what was learned of people and places was learned in frames of another shape
    this.#people.forgetPlaces();
    this.#publishRoom();
  }

  /** The room is due at once (after a switch). */
  dueNow(): void {
    this.#host.dueNow();
    this.stream.wantNow();
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#generation++;
    this.#host.leave();
    this.#people.forgetRecentFrames();
    this.#noteCause();
  }

  resume(): void {
    if (!this.#paused || this.#stopped) return;
    this.#paused = false;
    this.#join();
  }

  /** People answered falls of this room; the same answer again changes nothing. */
  answerFalls(answered: AnsweredFalls): void {
    this.#follow(this.#people.answer(answered, this.#fallTime()));
  }

  /**
   * Something else than a frame asks what happened in the room: what its camera sent until now is analysed.
   * @param reported a fall was reported, perhaps of a moment ago: the room is analysed more often for a while, too
   */
  lookBack({ reported }: { readonly reported: boolean }): void {
    if (this.#paused) return;
    if (reported) {
      const { burstFps: fps, burstSeconds: seconds, burstLateSeconds: lateSeconds } = this.#context.fallPolicy;
      this.#burst.begin({ fps, seconds, lateSeconds }, this.#context.clock.monotonic());
      this.#applyRate();
    }
    this.#looksBackToNow = true;
    void this.#lookBack();
  }

  /** What another processor published of this room (a hand-over overlaps): a fall that both see keeps one id. */
  hearOf(other: RoomState): void {
    this.#follow(this.#people.hearOf(other));
  }

  /** Monotonic time of the last result, ms; undefined before the first. */
  lastResultMs(): number | undefined {
    return this.#results.last();
  }

  /** Resolves with the monotonic time of the first result after `afterMs`; undefined when the limit passed first. */
  nextResult(afterMs: number, limitMs: number): Promise<number | undefined> {
    return this.#results.next(afterMs, limitMs);
  }

  counters(): RoomCounters {
    return {
      received: this.#frames.received,
      analysed: this.#results.count,
      skipped: this.#host.skipped,
      fps: this.#results.fps(),
      lastFrameMs: this.stream.newest()?.wallMs,
      blindMs: this.#blindness.totals(this.#context.clock.monotonic()),
      unwatchedMs: this.#results.unwatchedByCause(),
      people: this.#people.count,
      fall: this.#people.fallState,
    };
  }

  /** Ends the monitoring, not the stream and the model: the reconciler retires those. Idempotent. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#stopping.abort(new Error('the room is not monitored any more'));
    this.#generation++;
    this.#ticker?.cancel();
    this.#host.leave();
    const ended = this.#burst.end();
    this.#frames.stop();
    await ended;
  }

  /** Of the room's stream (`room-frames.ts`). */
  frameArrived(): void {
    const frame = this.stream.newest();
    if (frame !== undefined && this.#quality.observe(frame)) {
      this.blindnessChanged();
    }
    this.#noteCause();
    this.#host.serveNext();
  }

  /** Of the room's stream, its model, or what its frames show. */
  blindnessChanged(): void {
    const blind = this.blind();
    const event = this.#blindness.update(blind, this.#context.clock.monotonic());
    this.#noteCause();
    if (blind !== undefined) {
      this.#follow(this.#people.blind(this.#fallTime()));
    }
    if (event === undefined) return;
    this.#messages.event(event);
    this.#publishRoom();
  }

  #tick(): void {
    const { clock } = this.#context;
    this.#ticker = clock.setTimeout(() => this.#tick(), tickMs);
    if (this.#burst.expire(clock.monotonic())) {
      this.#applyRate();
    }
    this.#noteCause();
    if (!this.#paused) {
      this.#follow(this.#people.tick(this.#fallTime()));
    }
  }

  #fallTime(monotonicMs = this.#context.clock.monotonic()): number {
    return this.#context.originMs + monotonicMs;
  }

  #join(): void {
    this.#host.join(this.#rate());
    this.#applyRate();
    this.stream.wantNow();
  }

  /** After everything that may change the room's rate: its model and its stream follow it. */
  #applyRate(): void {
    const rate = this.#rate();
    this.stream.wantEvery(rate.intervalMs);
    this.#host.setRate(rate);
  }

  #rate(): Rate {
    return wantedRate({ maxFps: this.#settings.maxFps, burst: this.#burst.current, people: this.#people.count });
  }

  /** After everything that may change what the room waits for. */
  #noteCause(): void {
    const { stream, model } = this;
    const lastResultMs = this.#results.last();
    const paused = this.#paused;
    this.#results.setCause(unwatchedCause({ paused, stream, blind: this.blind(), model, lastResultMs }));
  }

  #publishRoom(): void {
    const settings = this.#settings;
    const { view } = this.stream.spec;
    this.#messages.room({ settings, view, blindSinceMs: this.#blindness.sinceMs, people: this.#people.state() });
  }
}
