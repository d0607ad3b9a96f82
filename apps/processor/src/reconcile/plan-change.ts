import { isDeepStrictEqual } from 'node:util';
import { aspectRatio } from '@vigilia/protocol';
import { type CameraView, type InputSize, plainView } from '@vigilia/vision';
import { type AddressRules, findRoom, type ProcessorConfig, type RoomConfig } from '../config/processor-config.ts';
import { roomAddress } from '../config/room-address.ts';
import { sameRoom } from '../config/setting-owners.ts';
import type { DecodeMode, StreamSpec } from '../stream/stream-spec.ts';
import { chooseDecode } from './decode-mode.ts';

/** What every stream of this processor has in common. */
export interface StreamRules extends AddressRules {
  /** More input arguments of a room, checked against the whitelist. */
  inputArgs(sourceId: number): readonly string[];
  readonly frozenAfterSeconds: number;
}

/** What is running, as far as a plan needs to know. */
export interface RunningView {
  readonly config: ProcessorConfig;
  /** The stream a room has now. */
  spec(sourceId: number): StreamSpec | undefined;
  /** Measured, ms; undefined while it is not known. */
  keyframeIntervalMs(sourceId: number): number | undefined;
  /** How the last watcher of the room corrected the picture; undefined: none is known. */
  travelledView(sourceId: number): CameraView | undefined;
}

/** What becomes of one room of the new configuration. */
export interface RoomPlan {
  readonly room: RoomConfig;
  readonly spec: StreamSpec;
  /** Not watched until now. */
  readonly added: boolean;
  /** It needs another ffmpeg than the one it has. */
  readonly openStream: boolean;
  /** Anything at all is different for it. */
  readonly touched: boolean;
}

/** A room with what makes its picture: another address or another view gives another picture. */
export interface RoomCamera {
  readonly room: RoomConfig;
  readonly address: string;
  readonly view: CameraView;
}

export interface PlanQuestion {
  readonly next: ProcessorConfig;
  readonly running: RunningView;
  readonly rules: StreamRules;
  /** Size of the frames that a room's model takes, which is loaded by now; it may depend on the room's camera. */
  inputSize(camera: RoomCamera): InputSize;
  /** Choose anew what `auto` comes to, and the size of frames, also for rooms that the command does not touch. */
  readonly retune: boolean;
}

/** Models that must be loaded: those of the rooms; without rooms the default one, so that the first room finds it warm. */
export function modelsNeeded(config: ProcessorConfig): string[] {
  const ids = config.rooms.map((room) => room.modelId);
  return [...new Set(ids.length > 0 ? ids : [config.defaults.modelId])];
}

/** Compares the running configuration with the wanted one, room by room. */
export function planRooms(question: PlanQuestion): RoomPlan[] {
  return question.next.rooms.map((room) => planRoom(room, question));
}

/** Rooms that are watched and no longer wanted. */
export function roomsToRemove(running: ProcessorConfig, next: ProcessorConfig): number[] {
  return running.rooms.map((room) => room.sourceId).filter((sourceId) => findRoom(next, sourceId) === undefined);
}

function planRoom(room: RoomConfig, question: PlanQuestion): RoomPlan {
  const { running, rules, next } = question;
  const before = findRoom(running.config, room.sourceId);
  const had = running.spec(room.sourceId);
  const address = roomAddress(room, rules);
  const view = cameraView(room, running.travelledView(room.sourceId));
  const size = inputSizeOf({ room, address, view }, before, had, question);
  const spec: StreamSpec = {
    sourceId: room.sourceId,
    address,
    decode: decodeOf(room, before, had?.decode, question),
    mayDecodeAll: room.decode === 'auto',
    view,
    width: size.width,
    height: size.height,
    inputArgs: rules.inputArgs(room.sourceId),
    frozenAfterSeconds: rules.frozenAfterSeconds,
  };
  const openStream = !isDeepStrictEqual(spec, had) || before?.generation !== room.generation;
  const newModel = next.modelGeneration !== running.config.modelGeneration;
  return {
    room,
    spec,
    added: had === undefined,
    openStream,
    touched: openStream || newModel || before === undefined || !sameRoom(room, before),
  };
}

/** What was configured here wins over what came with the room. */
function cameraView(room: RoomConfig, travelled: CameraView = plainView): CameraView {
  const rotate = room.rotate ?? travelled.rotate;
  if (room.aspect === undefined) return { aspect: travelled.aspect, rotate };
  return { aspect: room.aspect === null ? undefined : aspectRatio(room.aspect), rotate };
}

/** A room that keeps its camera and its model keeps the size of its frames, whatever was learned since: only `retune` may change it. */
function inputSizeOf(
  camera: RoomCamera,
  before: RoomConfig | undefined,
  had: StreamSpec | undefined,
  question: PlanQuestion,
): InputSize {
  const { next, running, retune } = question;
  const sameModel = before?.modelId === camera.room.modelId && next.modelGeneration === running.config.modelGeneration;
  const sameCamera = had?.address === camera.address && isDeepStrictEqual(had.view, camera.view);
  return had !== undefined && sameModel && sameCamera && !retune ? had : question.inputSize(camera);
}

/** A room whose rate and mode stay keeps its decoder, whatever was measured since: only `retune` may change it. */
function decodeOf(
  room: RoomConfig,
  before: RoomConfig | undefined,
  current: DecodeMode | undefined,
  question: PlanQuestion,
): DecodeMode {
  const sameQuestion = before?.maxFps === room.maxFps && before.decode === room.decode && before.uri === room.uri;
  if (sameQuestion && current !== undefined && !question.retune) return current;
  // another camera has another keyframe interval
  const known =
    before !== undefined && before.uri !== room.uri ? undefined : question.running.keyframeIntervalMs(room.sourceId);
  return chooseDecode({ mode: room.decode, maxFps: room.maxFps, keyframeIntervalMs: known, current });
}
