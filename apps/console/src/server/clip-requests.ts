import { type ClipFrame, type ClipMode, channels, clipFrameLabel, clipPurpose } from '@vigilia/protocol';
import { type ChannelBus, type Clock, SealedBoxKey, type Timer } from '@vigilia/service';
import type { ClipView } from '../shared/clip-view.ts';
import { RequestError } from './request-error.ts';

export interface ClipRequestsOptions {
  readonly bus: ChannelBus;
  readonly clock: Clock;
}

export interface WantedClip {
  readonly requestId: string;
  readonly incidentId: string;
  /** What the policy lets the clip show: frames of another mode are left out. */
  readonly mode: ClipMode;
}

/** A processor may still be making the clip when it is asked. */
const firstFrameMs = 20_000;
/** Another processor, which had the room before or after, may have frames too. */
const otherAnswersMs = 1000;
const answerMs = 30_000;

/** The frames of one request, as far as they have arrived: decrypted, in memory only. */
class Answer {
  readonly key = new SealedBoxKey();
  readonly wanted: WantedClip;
  /** By sender and number. */
  readonly frames = new Map<string, { readonly frame: ClipFrame; readonly jpeg: Buffer }>();
  /** Resolves when no more frames are waited for. */
  readonly ended: Promise<void>;
  readonly #clock: Clock;
  #end = (): void => {};
  #limit: Timer | undefined;
  /** Ends it when no further message comes. */
  #pause: Timer | undefined;

  constructor(wanted: WantedClip, clock: Clock) {
    this.wanted = wanted;
    this.#clock = clock;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  start(): void {
    this.#limit = this.#clock.setTimeout(() => this.#end(), answerMs);
    this.#pause = this.#clock.setTimeout(() => this.#end(), firstFrameMs);
  }

  add(frame: ClipFrame, jpeg: Buffer): void {
    this.frames.set(`${frame.instance_id} ${frame.index}`, { frame, jpeg });
    this.#pause?.cancel();
    if (this.#isWhole()) {
      this.#pause = this.#clock.setTimeout(() => this.#end(), otherAnswersMs);
    }
  }

  /** Waits for nothing any more. */
  stop(): void {
    this.#limit?.cancel();
    this.#pause?.cancel();
  }

  /** Whether all frames have arrived that their senders announced. */
  #isWhole(): boolean {
    const announced = new Map([...this.frames.values()].map(({ frame }) => [frame.instance_id, frame.count]));
    return this.frames.size >= [...announced.values()].reduce((sum, count) => sum + count, 0);
  }
}

/** Asks processors for the clip of an incident. None is kept: only a requested one is held, until it is handed over. */
export class ClipRequests {
  readonly #options: ClipRequestsOptions;
  readonly #answers = new Map<string, Answer>();

  constructor(options: ClipRequestsOptions) {
    this.#options = options;
  }

  /** Call it before the bus is started. A broker that does not let us read clips keeps nothing else from working. */
  start(): void {
    const { bus } = this.#options;
    bus.subscribe(channels.clipFrame, ({ value }) => value && this.#take(value)).catch(() => undefined);
  }

  /** @throws RequestError `no_clip` (404): no processor has frames, or they could not be decrypted */
  async ask(wanted: WantedClip): Promise<ClipView> {
    const { bus, clock } = this.#options;
    const { requestId, incidentId } = wanted;
    const answer = new Answer(wanted, clock);
    this.#answers.set(requestId, answer);
    answer.start();
    try {
      const request = { request_id: requestId, incident_id: incidentId, public_key: answer.key.publicKey };
      await bus.publish(channels.clipRequest, {}, request, { expirySeconds: 10 });
      await answer.ended;
    } finally {
      answer.stop();
      this.#answers.delete(requestId);
    }
    return viewOf(answer);
  }

  #take(frame: ClipFrame): void {
    const answer = this.#answers.get(frame.request_id);
    if (answer === undefined) return;
    const { incidentId, mode } = answer.wanted;
    if (frame.incident_id !== incidentId || frame.mode !== mode) return;
    const { sealed: piece, public_key: senderKey, index } = frame;
    const label = clipFrameLabel(frame);
    const jpeg = answer.key.open({ senderKey, index, piece, label }, clipPurpose);
    if (jpeg === undefined) return;
    answer.add(frame, jpeg);
  }
}

function viewOf({ frames, wanted }: Answer): ClipView {
  const shown = [...frames.values()].toSorted((a, b) => a.frame.at.localeCompare(b.frame.at));
  if (shown.length === 0) throw new RequestError(404, 'no_clip', 'No processor has a clip of this incident.');
  return {
    mode: wanted.mode,
    frames: shown.map(({ frame, jpeg }) => ({ at: frame.at, jpeg: jpeg.toString('base64') })),
  };
}
