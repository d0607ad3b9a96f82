import { gatherRoomEvidence, type House, isAnswered, judgeRoom, type RoomEvidence } from '@vigilia/house';
import { type AlertState, type Status, withoutUndefined } from '@vigilia/protocol';
import type { RoomView } from '../shared/view.ts';
import { outlinesOf } from './outlines.ts';

type Stream = NonNullable<Status['streams']>[number];

/** One room as its tile shows it at this moment. */
export function roomView(house: House, id: number, nowMs: number): RoomView {
  const room = gatherRoomEvidence(house, id, nowMs);
  const { facts, desired, name } = room;
  const { condition, since, cause, unwatchedCause } = judgeRoom(room);
  const { detections } = facts;
  const stream = streamInForce(room);
  const image = detections?.image;
  const modelId = detections?.model_id ?? stream?.model_id;
  const handoverTo = handoverTarget(room);
  return withoutUndefined({
    id,
    condition,
    watchers: room.watchers.map(({ status }) => status.instance_id),
    people: detections?.detections.filter((one) => one.class_name === 'person').length ?? 0,
    outlines: outlinesOf(detections),
    zones: facts.retained?.zones ?? desired?.zones ?? [],
    name,
    since,
    incidentId: room.incident?.incident_id,
    report: room.report === undefined ? undefined : reportView(room.report),
    home: desired?.home,
    ward: desired?.ward,
    modelId,
    ...rateOf(stream),
    lastSeen: facts.seenAtMs === undefined ? undefined : new Date(facts.seenAtMs).toISOString(),
    blindCause: cause,
    unwatchedCause,
    handoverTo,
    aspect: image === undefined ? undefined : Math.round((image.width / image.height) * 1000) / 1000,
  });
}

function rateOf(stream: Stream | undefined): Pick<RoomView, 'maxFps' | 'rateSetBy'> {
  if (stream === undefined) return {};
  const owner = stream.set_by?.max_fps;
  return owner === undefined ? { maxFps: stream.max_fps } : { maxFps: stream.max_fps, rateSetBy: owner.by };
}

function reportView(report: AlertState): NonNullable<RoomView['report']> {
  const by = report.acknowledged?.by;
  const view = { id: report.incident_id, waits: !isAnswered(report) };
  return by === undefined ? view : { ...view, by };
}

/** The settings of the processor that showed the room last; otherwise of one whose status lists it. */
function streamInForce({ watchers, facts }: RoomEvidence): Stream | undefined {
  const shown = watchers.find(({ status }) => status.instance_id === facts.detections?.instance_id);
  return (shown ?? watchers[0])?.stream;
}

function handoverTarget({ incident, watchers, desired }: RoomEvidence): string | undefined {
  if (watchers.length < 2) return undefined;
  const inForce = incident !== undefined && incident.state !== 'closing' && incident.released !== true;
  return inForce ? incident.dedicated : desired?.home;
}
