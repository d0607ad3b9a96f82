export { main } from './main.ts';
export { createLoadModel } from './model/load-model.ts';
export { findModel, listModels } from './model/model-files.ts';
export { findFfmpeg } from './stream/find-ffmpeg.ts';
export { createOpenFfmpeg } from './stream/open-ffmpeg.ts';
export { FfmpegRoomStream } from './stream/room-stream.ts';
export { parseStreamAddress } from './stream/stream-address.ts';
export type { Frame, InferenceResult, ModelHost, RoomStream } from './watch/ports.ts';
