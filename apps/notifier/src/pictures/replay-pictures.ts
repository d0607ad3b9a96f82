import type { House } from '@vigilia/house';
import type { Replay } from '@vigilia/protocol';
import type { Logger } from '@vigilia/service';
import type { DrawnReplay } from './draw-replay.ts';

/** A replay as it was drawn last. */
export interface ReplayPicture extends DrawnReplay {
  readonly fallAt: string;
}

export interface ReplayPicturesOptions {
  readonly draw: (replay: Replay) => Promise<DrawnReplay>;
  readonly logger: Logger;
  /** A picture is there, or there is a better one. */
  readonly onDrawn: () => void;
}

/**
 * Draws the replays of incidents beside the alerts: no alert waits for a picture, and a picture that cannot be drawn is logged
 * and left out. One replay is drawn at a time.
 */
export class ReplayPictures {
  readonly #options: ReplayPicturesOptions;
  readonly #pictures = new Map<string, ReplayPicture>();
  /** Replays that were drawn or have failed, by incident. */
  readonly #tried = new Map<string, Replay>();
  #drawing = false;

  constructor(options: ReplayPicturesOptions) {
    this.#options = options;
  }

  of(incidentId: string | undefined): ReplayPicture | undefined {
    return incidentId === undefined ? undefined : this.#pictures.get(incidentId);
  }

  /** Draws what is new of open incidents, and forgets the pictures of others. */
  observe({ incidents, replays }: House): void {
    for (const id of this.#tried.keys()) {
      if (incidents.get(id)?.closed_at !== undefined || !replays.has(id)) {
        this.#tried.delete(id);
        this.#pictures.delete(id);
      }
    }
    const next = [...replays.values()].find(({ incident_id: id }) => {
      const incident = incidents.get(id);
      return incident !== undefined && incident.closed_at === undefined && this.#tried.get(id) !== replays.get(id);
    });
    if (next !== undefined && !this.#drawing) {
      void this.#draw(next);
    }
  }

  async #draw(replay: Replay): Promise<void> {
    const { incident_id: id, fall_at: fallAt } = replay;
    const { draw, logger, onDrawn } = this.#options;
    this.#drawing = true;
    this.#tried.set(id, replay);
    try {
      const { png, small } = await draw(replay);
      if (this.#tried.get(id) === replay) {
        this.#pictures.set(id, { fallAt, png, small });
      }
    } catch (err) {
      logger.warn({ event: 'replay_not_drawn', incident_id: id, err }, 'the picture of a fall could not be drawn');
    }
    this.#drawing = false;
    onDrawn();
  }
}
