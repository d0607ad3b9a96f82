import type { ModelHost, RoomWatch } from '../watch/ports.ts';

/** What runs: one watch a room (it knows its stream, model and settings) and one host a model. Replaced at each switch. */
export interface Pipeline {
  readonly watches: ReadonlyMap<number, RoomWatch>;
  readonly models: ReadonlyMap<string, ModelHost>;
}

export const emptyPipeline: Pipeline = { watches: new Map(), models: new Map() };
