import type { Timer } from '@vigilia/service';
import type { HostWorker, Rate, WorkerRoom } from '../schedule/host-worker.ts';
import type { Offer } from '../schedule/room-schedule.ts';
import { Burst } from './burst.ts';
import { FrameSource } from './frame-source.ts';
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
  private readonly burst: Burst;
  private readonly mind: RoomMind;
  private readonly announcer: RoomAnnouncer;
  private host: ModelHost;
  private worker: HostWorker;
  private current: WatchSettings;
  /** Counts changes of anything that a result depends on: a result of an earlier one is dropped. */
  private generation = 0;
  private skippedBefore = 0;
  private ticker: Timer | undefined;
  private turnNext = false;
  private paused = false;
  private stopped = false;

  constructor(options: RoomWatchOptions, context: WatchContext) {
    this.sourceId = options.sourceId;
    this.context = context;
    this.host = options.model;
    this.current = options.settings;
    this.worker = context.workerOf(options.model);
    this.announcer = new RoomAnnouncer({ sourceId: options.sourceId, ...context });
    this.results = new ResultLog({ clock: context.clock, intervalMs: 1000 / options.settings.maxFps });
    this.mind = new RoomMind({
      ...{ sourceId: options.sourceId, settings: options.settings, restored: options.restored },
      ...{ policy: context.fallPolicy, modelId: options.model.modelId },
    });
    this.source = new FrameSource({
      stream: options.stream,
      onFrame: () => this.worker.look(),
      onBlindness: () => this.onBlindness(),
    });
    this.burst = new Burst({
      source: this.source,
      openStream: options.singleSession === true ? undefined : context.openStream,
    });
  }

  start(): void {
    this.source.start();
    this.onBlindness();
    this.publishRoom();
    this.worker.join(this, this.rate());
    this.tick();
  }

  get stream(): RoomStream {
    return this.source.stream;
  }

  get model(): ModelHost {
    return this.host;
  }

  get settings(): WatchSettings {
    return this.current;
  }

  switchTo(parts: { stream?: RoomStream; model?: ModelHost; settings?: WatchSettings }): void {
    const { stream, model, settings } = parts;
    const moving = model !== undefined && model !== this.host;
    const other = settings !== undefined && !sameResult(settings, this.current);
    if (stream !== undefined || moving || other) this.generation++;
    // no worker may serve the room while its parts do not fit together
    if (moving) this.leaveWorker();
    if (settings !== undefined) this.changeSettings(settings);
    if (stream !== undefined && stream !== this.source.stream) {
      void this.burst.end();
      this.source.switchTo(stream);
      this.onBlindness();
    }
    if (moving) this.joinHost(model);
    else this.worker.setRate(this, this.rate());
    if (other) this.publishRoom();
  }

  dueNow(): void {
    this.worker.dueNow(this);
  }

  pause(): void {
    if (this.paused) return;
    this.paused = true;
    this.generation++;
    this.leaveWorker();
  }

  resume(): void {
    if (!this.paused || this.stopped) return;
    this.paused = false;
    this.worker.join(this, this.rate());
  }

  acknowledgeFall(): void {
    this.follow(this.mind.acknowledge(this.fallTime()));
  }

  resolveFall(): void {
    this.follow(this.mind.resolve(this.fallTime()));
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
      skipped: this.skippedBefore + this.worker.skipped(this),
      fps: this.results.fps(),
      lastFrameMs: this.source.stream.newest()?.wallMs,
      blindMs: this.blindness.totals(this.context.clock.monotonic()),
      unwatchedMs: this.results.unwatchedMs(),
      people: this.mind.people,
      fall: this.mind.fallState,
    };
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    this.generation++;
    this.ticker?.cancel();
    this.leaveWorker();
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
    const { generation, host } = this;
    const turned = this.turnNext || this.burst.current?.turned === true;
    this.turnNext = false;
    try {
      const result = await host.infer(frame, { confidence: this.mind.confidence, turned });
      if (generation === this.generation) this.onResult(frame, host, result);
      else this.source.giveBack(frame);
    } catch (err) {
      if (this.stopped) return;
      const fields = { event: 'frame_lost', source_id: this.sourceId, model_id: host.modelId, err };
      this.context.logger.warn(fields, 'frame lost');
    }
  }

  private onResult(frame: Frame, host: ModelHost, result: InferenceResult): void {
    const atMs = this.fallTime(frame.monotonicMs);
    const thought = this.mind.observe({ atMs, detections: result.detections, picture: frame.source });
    this.results.add(this.context.clock.monotonic());
    const said = { detections: thought.detections, fps: this.results.fps() };
    this.announcer.detections({ frame, result, modelId: host.modelId, ...said });
    this.follow(thought);
  }

  /** Tells what the mind concluded and looks more closely where it asks for it. */
  private follow(thought: Thought): void {
    for (const notice of thought.events) this.announcer.event(notice);
    if (thought.turnNext) this.turnNext = true;
    if (thought.burst !== undefined) this.burst.begin(thought.burst, this.context.clock.monotonic());
    this.worker.setRate(this, this.rate());
    if (thought.changed) this.publishRoom();
  }

  private tick(): void {
    const { clock } = this.context;
    this.ticker = clock.setTimeout(() => this.tick(), tickMs);
    if (this.burst.expire(clock.monotonic())) this.worker.setRate(this, this.rate());
    if (!this.paused) this.follow(this.mind.tick(this.fallTime()));
  }

  private fallTime(monotonicMs = this.context.clock.monotonic()): number {
    return this.context.originMs + monotonicMs;
  }

  private rate(): Rate {
    return wantedRate({ maxFps: this.current.maxFps, burst: this.burst.current, people: this.mind.people });
  }

  private changeSettings(settings: WatchSettings): void {
    this.current = settings;
    this.mind.setSettings(settings);
    this.results.setInterval(1000 / settings.maxFps);
  }

  private joinHost(model: ModelHost): void {
    this.host = model;
    this.mind.setModel(model.modelId);
    this.worker = this.context.workerOf(model);
    if (!this.paused) this.worker.join(this, this.rate());
  }

  private leaveWorker(): void {
    this.skippedBefore += this.worker.skipped(this);
    this.worker.leave(this);
  }

  private onBlindness(): void {
    const blind = this.source.stream.blind();
    const event = this.blindness.update(blind, this.context.clock.monotonic());
    if (blind !== undefined) this.follow(this.mind.blind(this.fallTime()));
    if (event === undefined) return;
    this.announcer.event(event);
    this.publishRoom();
  }

  private publishRoom(): void {
    const blindSinceMs = this.blindness.sinceMs;
    this.announcer.room({ settings: this.current, blindSinceMs, people: this.mind.state() });
  }
}
