import type { Zone } from '../zones/zone.ts';
import { answerFalls, type FallsAnswered } from './answer-falls.ts';
import { defaultFallPolicy, type FallPolicy } from './fall-policy.ts';
import { type FrameSeen, observeRoom, type RoomObservation } from './observe-room.ts';
import { emptyRoom, type FallDecisionState } from './room-state.ts';
import { type FallSettings, type RoomStep, tickRoom } from './tick-room.ts';

/** A room's fall detection: pure functions from state to state, bound to the room's policy and zones. */
export interface RoomVision {
  readonly settings: FallSettings;
  /** Returns the state of a room that was never looked at. */
  empty(): FallDecisionState;
  /** Takes one analysed frame. The third part of the result assigns the detections to people. */
  observe(state: FallDecisionState, frame: FrameSeen): RoomObservation;
  /** Lets time pass; call it about once a second so that alarms do not wait for the next frame. */
  tick(state: FallDecisionState, atMs: number): RoomStep;
  /** No frames come any more; timers of people on the floor go on, no person is counted as vanished. */
  blind(state: FallDecisionState, atMs: number): RoomStep;
  /** Falls are as people have answered them by now: open, acknowledged, resolved. Call it again at will: the same answer changes nothing. */
  answer(state: FallDecisionState, falls: FallsAnswered, atMs: number): RoomStep;
}

/**
 * Usage, by the watcher of a room:
 *
 *     const vision = createRoomVision({ policy, zones });
 *     let state = restoreRoom(retained.fall.memory) ?? vision.empty();
 *     // after each analysed frame, detections in pixels of the camera's frame:
 *     const [next, effects, people] = vision.observe(state, { atMs, detections, width, height });
 *     // and once a second:
 *     const [later, more] = vision.tick(next, atMs);
 *     // what travels with the room:
 *     publish(saveRoom(later));
 *
 * `effects` are requests (`burst`) and news (`suspected`, `detected`, `reminder`, `recovered`, `person_not_visible`). `atMs` must never
 * jump and must mean the same to the next watcher of the room: epoch at the start of the process plus the monotonic time since. Give
 * detections from the calibration's `continueConfidence` on, also those too weak to be published. When zones or policy change, bind the same state
 * to a new `createRoomVision`.
 */
export function createRoomVision(options: {
  readonly policy?: FallPolicy;
  readonly zones?: readonly Zone[] | undefined;
}): RoomVision {
  const settings: FallSettings = { policy: options.policy ?? defaultFallPolicy, zones: options.zones };
  return {
    settings,
    empty: emptyRoom,
    observe: (state, frame) => observeRoom(settings, state, frame),
    tick: (state, atMs) => tickRoom(settings, state, atMs),
    blind: (state, atMs) => [{ ...state, blindAtMs: state.blindAtMs ?? atMs }, []],
    answer: (state, answered, atMs) => [{ ...state, falls: answerFalls(state.falls, answered, atMs) }, []],
  };
}
