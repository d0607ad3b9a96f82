import { type ClipFrame, type ClipMode, channels, clipFrameLabel, clipPurpose } from '@vigilia/protocol';
import { type ChannelBus, type Clock, SealedBoxKey } from '@vigilia/service';
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
const pollMs = 100;

/** The frames of one request, as far as they have arrived: decrypted, in memory only. */
interface Answer {
  readonly key: SealedBoxKey;
  readonly wanted: WantedClip;
  /** By sender and number. */
  readonly frames: Map<string, { readonly frame: ClipFrame; readonly jpeg: Buffer }>;
  lastMs: number | undefined;
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
    const answer: Answer = { key: new SealedBoxKey(), wanted, frames: new Map(), lastMs: undefined };
    this.#answers.set(requestId, answer);
    const startedMs = clock.monotonic();
    try {
      const request = { request_id: requestId, incident_id: incidentId, public_key: answer.key.publicKey };
      await bus.publish(channels.clipRequest, {}, request, { expirySeconds: 10 });
      while (!isOver(answer, startedMs, clock.monotonic())) {
        await clock.sleep(pollMs);
      }
    } finally {
      this.#answers.delete(requestId);
    }
    return viewOf(answer);
  }

  #take(frame: ClipFrame): void {
    const answer = this.#answers.get(frame.request_id);
    if (answer === undefined) return;
    const { incidentId, mode } = answer.wanted;
    if (frame.incident_id !== incidentId || frame.mode !== mode) return;
    const { sealed: piece, public_key: senderKey, index, instance_id: sender } = frame;
    const label = clipFrameLabel(frame);
    const jpeg = answer.key.open({ senderKey, index, piece, label }, clipPurpose);
    if (jpeg === undefined) return;
    answer.frames.set(`${sender} ${index}`, { frame, jpeg });
    answer.lastMs = this.#options.clock.monotonic();
  }
}

function isOver({ frames, lastMs }: Answer, startedMs: number, nowMs: number): boolean {
  if (nowMs - startedMs >= answerMs) return true;
  if (lastMs === undefined) return nowMs - startedMs >= firstFrameMs;
  const announced = new Map([...frames.values()].map(({ frame }) => [frame.instance_id, frame.count]));
  const expected = [...announced.values()].reduce((sum, count) => sum + count, 0);
  return frames.size >= expected && nowMs - lastMs >= otherAnswersMs;
}

function viewOf({ frames, wanted }: Answer): ClipView {
  const shown = [...frames.values()].toSorted((a, b) => a.frame.at.localeCompare(b.frame.at));
  if (shown.length === 0) throw new RequestError(404, 'no_clip', 'No processor has a clip of this incident.');
  return {
    mode: wanted.mode,
    frames: shown.map(({ frame, jpeg }) => ({ at: frame.at, jpeg: jpeg.toString('base64') })),
  };
}
