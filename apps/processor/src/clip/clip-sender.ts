import { type ClipRequest, channels, clipFrameLabel, clipPurpose } from '@vigilia/protocol';
import { type ChannelBus, createSealer, type Logger } from '@vigilia/service';
import type { Identity } from '../publish/identity.ts';
import type { IncidentClips } from './incident-clips.ts';

export interface ClipSenderOptions {
  readonly bus: ChannelBus;
  readonly identity: Pick<Identity, 'instanceId'>;
  readonly logger: Logger;
  readonly clips: Pick<IncidentClips, 'of'>;
}

/** A frame that waits longer than this at the broker is not delivered. */
const expirySeconds = 30;
/** Requests that are answered at the same time; further ones are not answered. */
const maxRequests = 4;

/**
 * Sends the clip of an incident to the console that asks for it, each frame encrypted for the key of that request. That only the
 * console may ask is a rule of the broker: no other role may publish requests.
 */
export class ClipSender {
  readonly #options: ClipSenderOptions;
  #answering = 0;

  constructor(options: ClipSenderOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { bus, logger } = this.#options;
    await bus.subscribe(channels.clipRequest, ({ value }) => {
      if (value === undefined || this.#answering >= maxRequests) return;
      this.#answering += 1;
      void this.#send(value)
        .catch((err) => {
          const fields = { event: 'clip_not_sent', incident_id: value.incident_id, request_id: value.request_id, err };
          logger.warn(fields, 'a clip was not sent');
        })
        .finally(() => {
          this.#answering -= 1;
        });
    });
  }

  async #send({ request_id, incident_id, public_key: consoleKey }: ClipRequest): Promise<void> {
    const { bus, identity, logger, clips } = this.#options;
    const clip = await clips.of(incident_id);
    if (clip === undefined) return;
    const sealer = createSealer(consoleKey, clipPurpose);
    const { instanceId: instance_id } = identity;
    const { mode, frames } = clip;
    for (const [index, { atMs, jpeg }] of frames.entries()) {
      if (clip.deleting.signal.aborted) return;
      const shown = {
        request_id,
        instance_id,
        incident_id,
        public_key: sealer.publicKey,
        index,
        count: frames.length,
        at: new Date(atMs).toISOString(),
        mode,
      };
      const sealed = sealer.seal(index, jpeg, clipFrameLabel(shown));
      // one after the other: what else this processor publishes never waits behind a whole clip
      await bus.publish(channels.clipFrame, { instance_id }, { ...shown, sealed }, { expirySeconds });
    }
    logger.info(
      { event: 'clip_sent', incident_id, request_id, mode, frames: frames.length },
      'a clip left the processor',
    );
  }
}
