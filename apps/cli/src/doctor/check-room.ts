import { redactUrl } from '@vigilia/service';
import { examine, type Finding } from './finding.ts';
import { judgeBeds } from './judge-beds.ts';
import { describeCamera, judgeCamera, poorSight } from './judge-camera.ts';
import { judgePeople } from './judge-people.ts';
import { type LookOptions, lookAtRoom } from './look-at-room.ts';
import type { PeopleFinder } from './people-finder.ts';
import type { PeopleFound, RoomLook, RoomToCheck } from './room-look.ts';

/** Returns what one room's camera sends, and a finding for each thing that makes falls harder to see. */
export async function checkRoom(
  room: RoomToCheck,
  options: LookOptions & { readonly people?: PeopleFinder | undefined },
): Promise<readonly Finding[]> {
  const check = checkName(room);
  const remedy = `Check the camera and its entry in go2rtc; the address is ${redactUrl(room.address)}.`;
  const findings = await examine(check, remedy, async () => {
    const { look, frames } = await lookAtRoom(room, options);
    // nothing can be found in a picture that shows nothing
    const people = poorSight(look) === undefined ? await options.people?.look(frames) : undefined;
    return judgeCameraOfRoom(room, look, people);
  });
  return 'check' in findings ? [findings] : findings;
}

/** Returns all findings on a room. Pure. */
export function judgeCameraOfRoom(
  room: RoomToCheck,
  look: RoomLook,
  people: PeopleFound | undefined,
): readonly Finding[] {
  const check = checkName(room);
  const beds = judgeBeds(check, room, people);
  return [
    describeCamera(check, look),
    ...judgeCamera(check, room, look),
    ...(people === undefined ? [] : judgePeople(check, room, people)),
    ...(beds === undefined ? [] : [beds]),
  ];
}

function checkName({ sourceId }: RoomToCheck): string {
  return `room ${sourceId}`;
}
