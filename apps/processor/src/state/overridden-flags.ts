import { isDeepStrictEqual } from 'node:util';
import type { ProcessorConfig } from '../config/processor-config.ts';

/** A flag that was given and lost against the stored state. */
export interface OverriddenFlag {
  readonly flag: string;
  readonly given: unknown;
  readonly stored: unknown;
}

/** The values that both a flag and the state can set, by the flag's name. */
function flagValues(config: ProcessorConfig): Record<string, unknown> {
  const { modelId, maxFps, confidence, tracking, decode } = config.defaults;
  const streams = config.rooms.map((room) => room.sourceId);
  return {
    '--streams': streams,
    '--model': modelId,
    '--max-fps': maxFps,
    '--confidence': confidence,
    '--tracking': tracking,
    '--decode': decode,
  };
}

/** @param wasGiven whether a flag (or its variable) was given at all: a default that is overridden surprises no one. */
export function overriddenFlags(
  flags: ProcessorConfig,
  state: ProcessorConfig,
  wasGiven: (flag: string) => boolean,
): OverriddenFlag[] {
  const stored = flagValues(state);
  return Object.entries(flagValues(flags))
    .filter(([flag, given]) => wasGiven(flag) && !isDeepStrictEqual(given, stored[flag]))
    .map(([flag, given]) => ({ flag, given, stored: stored[flag] }));
}
