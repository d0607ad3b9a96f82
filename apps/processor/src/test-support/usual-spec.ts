import { plainView } from '@vigilia/vision';
import type { StreamSpec } from '../stream/stream-spec.ts';

/** The spec of a room's stream in tests: room 2, keyframes where that is enough, 64 × 64, unless `changes` has other values. */
export function usualSpec(address: string, changes: Partial<StreamSpec> = {}): StreamSpec {
  return {
    sourceId: 2,
    address,
    decode: 'keyframes',
    mayDecodeAll: true,
    view: plainView,
    width: 64,
    height: 64,
    inputArgs: [],
    frozenAfterSeconds: 0,
    ...changes,
  };
}
