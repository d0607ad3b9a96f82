import type { Logger } from '@vigilia/service';
import { cpuProvider } from '../config/provider-order.ts';

export interface ProviderChoiceOptions {
  readonly modelId: string;
  /** In the order in which they are tried; the last one is the CPU. */
  readonly names: readonly string[];
  readonly logger: Logger;
  /** Those whose failure has been logged; shared by all hosts of a model, so that a swap does not log it again. */
  readonly reported: Set<string>;
}

/** Frames in a row for which an accelerator may give an error: a device that was lost answers all of them so. */
const failuresAllowed = 3;

/** Which provider computes a model: the first that has not failed. One that failed is tried again when the model is loaded the next time. */
export class ProviderChoice {
  readonly #options: ProviderChoiceOptions;
  #left = 0;
  #failures = 0;

  constructor(options: ProviderChoiceOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.names[this.#left] ?? cpuProvider;
  }

  /** Goes on to the next one. @returns false where this one is the CPU: then the model itself is at fault */
  leave(reason: string): boolean {
    const { modelId, logger, reported } = this.#options;
    const provider = this.name;
    if (provider === cpuProvider) return false;
    this.#left++;
    this.#failures = 0;
    if (!reported.has(provider)) {
      reported.add(provider);
      logger.warn(
        { event: 'provider_unavailable', model_id: modelId, provider, next: this.name, reason },
        'the provider cannot compute this model',
      );
    }
    return true;
  }

  /** It loaded the model: its next failure is news. */
  works(): void {
    this.#options.reported.delete(this.name);
  }

  /** A frame was answered. @returns whether an accelerator has failed so often that it is to be left */
  answered(isFailure: boolean): boolean {
    this.#failures = isFailure ? this.#failures + 1 : 0;
    return this.name !== cpuProvider && this.#failures >= failuresAllowed;
  }
}
