import type { Status } from '@vigilia/protocol';
import type { Random } from './random.ts';
import type { SimBroker } from './sim-broker.ts';
import type { SimHouse } from './sim-house.ts';
import type { Timeline } from './timeline.ts';

export interface SimStream {
  maxFps: number;
  modelId: string;
  /** Nobody has told it another rate or model than it was started with. */
  fromFlags: boolean;
  /** Changes with every switch, so that a timer of the old rate finds itself stale. */
  turn: number;
}

export interface SimProcessorOptions {
  readonly instanceId: string;
  readonly role: 'home' | 'dedicated';
  readonly incidentId?: string;
  readonly streams: readonly { sourceId: number; maxFps: number; modelId: string }[];
  readonly models: readonly string[];
  readonly time: Timeline;
  readonly random: Random;
  readonly broker: SimBroker;
  readonly house: SimHouse;
  /** From connecting to `running`, ms. Commands are only listened to from then on. */
  readonly startTakesMs: number;
  /** `state`: it goes by what a folder kept. */
  readonly source?: Status['config_source'];
  readonly onKilled?: () => void;
}
