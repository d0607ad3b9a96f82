import type { RoomState } from '@vigilia/protocol';
import type { Clock } from '@vigilia/service';
import type { ModelHost } from '../model/supervised-model-host.ts';
import type { MonitorSettings } from '../room/monitor-settings.ts';
import type { MonitoredRoom, RoomCounters, RoomMonitorOptions } from '../room/room-monitor.ts';
import type { AnsweredFalls } from '../room/room-people.ts';
import type { Blindness } from '../stream/blindness.ts';
import type { RoomStream } from '../stream/room-stream.ts';

/** A watch whose results are played by a test: `result()` is one. */
export class FakeMonitoredRoom implements MonitoredRoom {
  readonly sourceId: number;
  readonly restored: RoomState | undefined;
  readonly switches: string[][] = [];
  /** What people did about the fall. */
  readonly told: string[] = [];
  due = 0;
  standingHeight: number | undefined;
  paused = false;
  stopped = false;
  #stream: RoomStream;
  #model: ModelHost;
  #settings: MonitorSettings;
  #lastMs: number | undefined;
  readonly #clock: Clock;
  readonly #waiters = new Set<(atMs: number) => void>();

  constructor(options: RoomMonitorOptions, clock: Clock) {
    this.sourceId = options.sourceId;
    this.restored = options.restored;
    this.#stream = options.stream;
    this.#model = options.model;
    this.#settings = options.settings;
    this.#clock = clock;
  }

  get stream(): RoomStream {
    return this.#stream;
  }

  get model(): ModelHost {
    return this.#model;
  }

  get settings(): MonitorSettings {
    return this.#settings;
  }

  blind(): Blindness | undefined {
    return this.#stream.blind();
  }

  switchTo(parts: { stream?: RoomStream; model?: ModelHost; settings?: MonitorSettings }): void {
    this.switches.push(Object.keys(parts).sort());
    this.#stream = parts.stream ?? this.#stream;
    this.#model = parts.model ?? this.#model;
    this.#settings = parts.settings ?? this.#settings;
  }

  dueNow(): void {
    this.due++;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  answerFalls({ answer, eventIds }: AnsweredFalls): void {
    this.told.push(`${eventIds.join()} ${answer}`);
  }

  lookBack({ reported }: { readonly reported: boolean }): void {
    this.told.push(reported ? 'look back and closely' : 'look back');
  }

  hearOf(): void {
    this.told.push('heard');
  }

  lastResultMs(): number | undefined {
    return this.#lastMs;
  }

  nextResult(afterMs: number, limitMs: number): Promise<number | undefined> {
    if (this.#lastMs !== undefined && this.#lastMs > afterMs) return Promise.resolve(this.#lastMs);
    return new Promise((resolve) => {
      const waiter = (atMs: number | undefined): void => {
        timer.cancel();
        this.#waiters.delete(waiter);
        resolve(atMs);
      };
      const timer = this.#clock.setTimeout(() => waiter(undefined), limitMs);
      this.#waiters.add(waiter);
    });
  }

  result(): void {
    this.#lastMs = this.#clock.monotonic();
    for (const waiter of [...this.#waiters]) {
      waiter(this.#lastMs);
    }
  }

  counters(): RoomCounters {
    const counts = { received: 0, analysed: 0, skipped: 0, fps: 0, unwatchedMs: {}, people: 0 };
    return { ...counts, lastFrameMs: undefined, blindMs: { silent: 1500 }, fall: 'none' };
  }

  async stop(): Promise<void> {
    this.stopped = true;
  }
}
