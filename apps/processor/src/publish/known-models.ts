import { randomUUID } from 'node:crypto';
import { channels, type ModelState, type VigiliaEvent } from '@vigilia/protocol';
import type { ChannelBus, Clock, Logger } from '@vigilia/service';

export interface KnownModelsOptions {
  readonly bus: Pick<ChannelBus, 'subscribe' | 'publish'>;
  /** Read anew for each message: `rename_instance` changes it. */
  readonly identity: { readonly instanceId: string };
  readonly clock: Clock;
  readonly logger: Logger;
  /** Publishes an event. */
  event(event: VigiliaEvent): void;
}

/** What is known of the files of models, on the broker: other files under the same id are another model, and raise an event. */
export class KnownModels {
  readonly #options: KnownModelsOptions;
  readonly #known = new Map<string, ModelState>();

  constructor(options: KnownModelsOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#options.bus.subscribe(channels.model, ({ places, value }) => {
      if (value === undefined) {
        this.#known.delete(places.model_id);
      } else {
        this.#known.set(places.model_id, value);
      }
    });
  }

  /** Reports what was loaded. A model that is new is only remembered. */
  loaded(modelId: string, sha256: string): void {
    const known = this.#known.get(modelId);
    if (known?.sha256 === sha256) return;
    const { bus, identity, clock, logger } = this.#options;
    const { instanceId: instance_id } = identity;
    const timestamp = new Date(clock.now()).toISOString();
    const state: ModelState = { model_id: modelId, sha256, instance_id, since: timestamp };
    this.#known.set(modelId, state);
    bus.publish(channels.model, { model_id: modelId }, state).catch((err: unknown) => {
      // a broker with the access rules of an earlier version refuses it: rooms are monitored all the same
      logger.warn(
        { event: 'model_state_unpublished', model_id: modelId, err },
        'the hash of a model was not published',
      );
    });
    if (known === undefined) return;
    const hashes = { model_id: modelId, model_sha256: sha256, previous_sha256: known.sha256 };
    logger.warn({ event: 'model_changed', ...hashes }, 'other files are loaded under the id of a known model');
    this.#options.event({
      event_id: randomUUID(),
      event: 'model_changed',
      severity: 'warning',
      trace_id: randomUUID(),
      instance_id,
      timestamp,
      ...hashes,
    });
  }
}
