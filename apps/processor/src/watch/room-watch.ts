import { isDeepStrictEqual } from 'node:util';
import type { RoomState } from '@vigilia/protocol';
import type { Timer } from '@vigilia/service';
import { ModelHostError } from '../model/model-host-error.ts';
import type { Rate, WorkerRoom } from '../schedule/host-worker.ts';
import type { Offer } from '../schedule/room-schedule.ts';
import { Burst } from './burst.ts';
import { FrameSource } from './frame-source.ts';
import { HostSeat } from './host-seat.ts';
import { ModelFault } from './model-fault.ts';
import type {
  Frame,
  InferenceResult,
  ModelHost,
  RoomSnapshot,
  RoomStream,
  RoomWatch,
  RoomWatchOptions,
  WatchSettings,
} from './ports.ts';
import { ResultLog } from './result-log.ts';
import { RoomAnnouncer } from './room-announcer.ts';
import { RoomBlindness } from './room-blindness.ts';
import { RoomMind, type Thought } from './room-mind.ts';
import { RoomSight } from './room-sight.ts';
import { unwatchedCause } from './unwatched-cause.ts';
import { sameResult, wantedRate } from './wanted-rate.ts';
import type { WatchContext } from './watch-context.ts';

const tickMs = 1000;

/** One room: picture → model → people → messages. Parts are exchanged in one synchronous step. */
export class StreamRoomWatch implements RoomWatch, WorkerRoom {
  readonly sourceId: number;
  private readonly context: WatchContext;
  private readonly source: FrameSource;
  private readonly results: ResultLog;
  private readonly blindness = new RoomBlindness();
  private readonly modelFault = new ModelFault();
  private readonly sight = new RoomSight();
  private readonly burst: Burst;
  private readonly mind: RoomMind;
  private readonly announcer: RoomAnnouncer;
  private readonly seat: HostSeat;
  private current: WatchSettings;
  /** Counts changes of anything that a result depends on: a result of an earlier one is dropped. */
  private generation = 0;
  private ticker: Timer | undefined;
  private paused = false;
  private stopped = false;

  constructor(options: RoomWatchOptions, context: WatchContext) {
    this.sourceId = options.sourceId;
    this.context = context;
    this.current = options.settings;
    this.seat = new HostSeat({ room: this, host: options.model, workerOf: context.workerOf });
    this.announcer = new RoomAnnouncer({ sourceId: options.sourceId, ...context });
    this.results = new ResultLog({ clock: context.clock, intervalMs: 1000 / options.settings.maxFps });
    this.mind = new RoomMind({
      sourceId: options.sourceId,
      settings: options.settings,
      restored: options.restored,
      policy: context.fallPolicy,
      model: options.model,
    });
    const listeners = { onFrame: () => this.onFrame(), onBlindness: () => this.onBlindness() };
    this.source = new FrameSource({ stream: options.stream, ...listeners });
    const openStream = options.singleSession === true ? undefined : context.openStream;
    this.burst = new Burst({ source: this.source, openStream });
  }

  start(): void {
    this.source.start();
    this.onBlindness();
    if (this.mind.memoryUnreadable) {
      const fields = { event: 'fall_memory_unreadable', source_id: this.sourceId };
      this.context.logger.warn(fields, 'the fall memory of the last watcher cannot be read; the room starts anew');
    }
    this.publishRoom();
    this.seat.join(this.rate());
    this.tick();
  }

  get stream(): RoomStream {
    return this.source.stream;
  }

  get model(): ModelHost {
    return this.seat.host;
  }

  get settings(): WatchSettings {
    return this.current;
  }

  blind(): ReturnType<RoomStream['blind']> {
    return this.source.stream.blind() ?? this.modelFault.blind() ?? this.sight.blind(this.context.originMs);
  }

  get standingHeight(): number | undefined {
    return this.mind.standingHeight;
  }

  switchTo(parts: { stream?: RoomStream; model?: ModelHost; settings?: WatchSettings }): void {
    const { stream, model, settings } = parts;
    const moving = model !== undefined && model !== this.model;
    const other = settings !== undefined && !sameResult(settings, this.current);
    if (stream !== undefined || moving || other) this.generation++;
    // no worker may serve the room while its parts do not fit together
    if (moving) this.seat.leave();
    if (settings !== undefined) {
      this.current = settings;
      this.mind.setSettings(settings);
      this.results.setInterval(1000 / settings.maxFps);
    }
    if (stream !== undefined && stream !== this.source.stream) {
      void this.burst.end();
      const { spec } = this.source.stream;
      const reshaped = !isDeepStrictEqual(stream.spec.view, spec.view);
      const otherCamera = stream.spec.address !== spec.address;
      this.source.switchTo(stream);
      if (reshaped || otherCamera) this.sight.reset();
      this.onBlindness();
      if (reshaped) this.onReshaped();
    }
    if (moving) {
      this.mind.setModel(model);
      this.seat.moveTo(model);
      if (!this.paused) this.seat.join(this.rate());
    } else this.seat.setRate(this.rate());
    if (other) this.publishRoom();
  }

  dueNow(): void {
    this.seat.dueNow();
  }

  pause(): void {
    if (this.paused) return;
    this.paused = true;
    this.generation++;
    this.seat.leave();
    this.noteCause();
  }

  resume(): void {
    if (!this.paused || this.stopped) return;
    this.paused = false;
    this.seat.join(this.rate());
  }

  acknowledgeFall(): void {
    this.follow(this.mind.acknowledge(this.fallTime()));
  }

  resolveFall(): void {
    this.follow(this.mind.resolve(this.fallTime()));
  }

  hearOf(other: RoomState): void {
    this.follow(this.mind.hearOf(other));
  }

  lastResultMs(): number | undefined {
    return this.results.last();
  }

  nextResult(afterMs: number, limitMs: number): Promise<number | undefined> {
    return this.results.next(afterMs, limitMs);
  }

  snapshot(): RoomSnapshot {
    return {
      offered: this.source.offered,
      analysed: this.results.count,
      skipped: this.seat.skipped,
      fps: this.results.fps(),
      lastFrameMs: this.source.stream.newest()?.wallMs,
      blindMs: this.blindness.totals(this.context.clock.monotonic()),
      unwatchedMs: this.results.unwatchedByCause(),
      people: this.mind.people,
      fall: this.mind.fallState,
    };
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.generation++;
    this.ticker?.cancel();
    this.seat.leave();
    const ended = this.burst.end();
    this.source.stop();
    await ended;
  }

  offer(): Offer | undefined {
    return this.paused || this.stopped ? undefined : this.source.offer();
  }

  async analyse(): Promise<void> {
    const frame = this.source.take();
    if (frame === undefined) return;
    const { generation, model: host } = this;
    try {
      const result = await host.infer(frame, { confidence: this.mind.confidence });
      if (generation === this.generation) this.onResult(frame, host, result);
      else this.source.giveBack(frame);
    } catch (err) {
      if (this.stopped) return;
      if (err instanceof ModelHostError && err.code === 'untouched') {
        this.source.giveBack(frame);
        this.dueNow();
        return;
      }
      if (err instanceof ModelHostError && err.code === 'failed' && generation === this.generation) {
        this.modelFault.add(err.message, this.context.clock.now());
        this.onBlindness();
      }
      const fields = { event: 'frame_lost', source_id: this.sourceId, model_id: host.modelId, err };
      this.context.logger.warn(fields, 'frame lost');
    }
  }

  private onResult(frame: Frame, host: ModelHost, result: InferenceResult): void {
    const atMs = this.fallTime(frame.monotonicMs);
    const thought = this.mind.observe({ atMs, detections: result.detections, picture: frame.source });
    this.results.add(this.context.clock.monotonic());
    if (this.modelFault.clear()) this.onBlindness();
    this.noteCause();
    const said = { detections: thought.detections, fps: this.results.fps() };
    this.announcer.detections({ frame, result, modelId: host.modelId, ...said });
    this.follow(thought);
    // what is not found in a picture that shows nothing has not gone
    if (this.sight.blind(this.context.originMs) !== undefined) this.follow(this.mind.blind(atMs));
  }

  /** Tells what the mind concluded and looks more closely where it asks for it. */
  private follow(thought: Thought): void {
    for (const notice of thought.events) this.announcer.event(notice);
    if (thought.burst !== undefined) this.burst.begin(thought.burst, this.context.clock.monotonic());
    this.seat.setRate(this.rate());
    if (thought.changed) this.publishRoom();
  }

  private tick(): void {
    const { clock } = this.context;
    this.ticker = clock.setTimeout(() => this.tick(), tickMs);
    if (this.burst.expire(clock.monotonic())) this.seat.setRate(this.rate());
    this.noteCause();
    if (!this.paused) this.follow(this.mind.tick(this.fallTime()));
  }

  private fallTime(monotonicMs = this.context.clock.monotonic()): number {
    return this.context.originMs + monotonicMs;
  }

  private rate(): Rate {
    return wantedRate({ maxFps: this.current.maxFps, burst: this.burst.current, people: this.mind.people });
  }

  private onFrame(): void {
    const frame = this.source.stream.newest();
    if (frame !== undefined && this.sight.observe(frame)) this.onBlindness();
    this.noteCause();
    this.seat.look();
  }

  /** After everything that may change what the room is waiting for. */
  private noteCause(): void {
    const { paused, stream, model } = this;
    const blind = this.blind();
    this.results.setCause(unwatchedCause({ paused, stream, blind, model, lastResultMs: this.results.last() }));
  }

  private onBlindness(): void {
    const blind = this.blind();
    const event = this.blindness.update(blind, this.context.clock.monotonic());
    this.noteCause();
    if (blind !== undefined) this.follow(this.mind.blind(this.fallTime()));
    if (event === undefined) return;
    this.announcer.event(event);
    this.publishRoom();
  }

  /** What was learned of people and places was learned in a picture of another shape. */
  private onReshaped(): void {
    this.mind.forgetPlaces();
    this.publishRoom();
  }

  private publishRoom(): void {
    const blindSinceMs = this.blindness.sinceMs;
    const { view } = this.stream.spec;
    this.announcer.room({ settings: this.current, view, blindSinceMs, people: this.mind.state() });
  }
}
