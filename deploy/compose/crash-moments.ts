import type { Observer } from './observer.ts';

/** A moment that is seen on MQTT. */
export type Moment = readonly [what: string, seen: (observer: Observer, room: number) => boolean];

const step =
  (name: 'dedicated_watching' | 'room_released' | 'room_returned') =>
  (observer: Observer, room: number): boolean =>
    observer.incidentOf(room)?.steps[name] !== undefined;

/** Between the steps of a hand-over, in their order. */
export const onTheWayThere: readonly Moment[] = [
  ['the incident is opened', (observer, room) => observer.openIncidentOf(room) !== undefined],
  ['the dedicated processor connects', (observer) => observer.statuses.has('processor-a_1')],
  ['it is seen to watch', step('dedicated_watching')],
  ['the room is released', step('room_released')],
];

/** Between the steps of a hand-back. */
export const onTheWayBack: readonly Moment[] = [
  ['the incident is closing', (observer, room) => observer.incidentOf(room)?.state === 'closing'],
  ['the room is back', step('room_returned')],
];
