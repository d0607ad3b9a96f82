export { fold } from './fold.ts';
export {
  type CommandFacts,
  emptyHouse,
  type House,
  type HouseMessage,
  type ServiceFacts,
} from './house.ts';
export { type HouseChannel, houseChannels, houseMessage } from './house-message.ts';
export { processorLoad } from './processor-load.ts';
export { buildReplay, replayEndsAtMs } from './replay/build-replay.ts';
export { addSight, keptSightsMs, type RoomSight, type SightHistory } from './replay/sight-history.ts';
export {
  isAnswered,
  judgeRoom,
  judgeWatch,
  type RoomCondition,
  type UnwatchedReason,
} from './room-condition.ts';
export { gatherRoomEvidence, type RoomEvidence, roomIds } from './room-evidence.ts';
export { clockAheadMs, isReporting, type ServiceFinding, type VersionsFinding } from './service-health.ts';
export { judgeSite, type ProcessorFinding, type SiteFinding } from './site-health.ts';
