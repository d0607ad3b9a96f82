import type { ModelHost } from '../model/supervised-model-host.ts';
import type { MonitoredRoom } from '../room/room-monitor.ts';

/** What runs: one monitor per room (it knows its stream, model and settings) and one host per model. Replaced at each switch. */
export interface Pipeline {
  readonly monitors: ReadonlyMap<number, MonitoredRoom>;
  readonly models: ReadonlyMap<string, ModelHost>;
}

export const emptyPipeline: Pipeline = { monitors: new Map(), models: new Map() };
