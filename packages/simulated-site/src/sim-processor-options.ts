import type { SettingOwner } from '@vigilia/protocol';
import type { Random } from './random.ts';
import type { SimBroker } from './sim-broker.ts';
import type { SimHouse } from './sim-house.ts';
import type { SimState } from './sim-rooms.ts';
import type { Timeline } from './timeline.ts';

/** A change that an operator made and a processor took. */
export interface OperatorAct {
  readonly instanceId: string;
  readonly command: string;
  readonly rooms: readonly number[];
  readonly owner: SettingOwner;
}

export interface SimProcessorOptions {
  readonly instanceId: string;
  readonly role: 'home' | 'dedicated';
  readonly incidentId?: string | undefined;
  readonly streams: readonly { readonly sourceId: number; readonly maxFps: number; readonly modelId: string }[];
  /** What a folder kept of the life before: it wins over `streams`. */
  readonly kept?: SimState | undefined;
  readonly models: readonly string[];
  readonly time: Timeline;
  readonly random: Random;
  readonly broker: SimBroker;
  readonly house: SimHouse;
  /** From connecting to `running`, ms. Commands are only listened to from then on. */
  readonly startTakesMs: number;
  readonly onKilled?: () => void;
  readonly onOperator?: (act: OperatorAct) => void;
}
