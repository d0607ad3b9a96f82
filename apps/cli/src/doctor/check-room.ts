import { redactUrl } from '@vigilia/service';
import { examine, type Finding } from './finding.ts';
import { judgeBeds } from './judge-beds.ts';
import { describeCamera, frameFault, judgeCamera } from './judge-camera.ts';
import { judgePeople } from './judge-people.ts';
import type { PeopleFinder } from './people-finder.ts';
import type { PeopleFound, RoomSurvey, RoomToCheck } from './room-survey.ts';
import { type SurveyOptions, surveyRoom } from './survey-room.ts';

/** Returns what one room's camera sends, and a finding for each thing that makes falls harder to see. */
export async function checkRoom(
  room: RoomToCheck,
  options: SurveyOptions & { readonly people?: PeopleFinder | undefined },
): Promise<readonly Finding[]> {
  const check = checkName(room);
  const remedy = `Check the camera and its entry in go2rtc; the address is ${redactUrl(room.address)}.`;
  const findings = await examine(check, remedy, async () => {
    const { survey, frames } = await surveyRoom(room, options);
    // nothing can be found in a picture that shows nothing
    const people = frameFault(survey) === undefined ? await options.people?.survey(frames) : undefined;
    return judgeCameraOfRoom(room, survey, people);
  });
  return 'check' in findings ? [findings] : findings;
}

/** Returns all findings on a room. Pure. */
export function judgeCameraOfRoom(
  room: RoomToCheck,
  survey: RoomSurvey,
  people: PeopleFound | undefined,
): readonly Finding[] {
  const check = checkName(room);
  const beds = judgeBeds(check, room, people);
  return [
    describeCamera(check, survey),
    ...judgeCamera(check, room, survey),
    ...(people === undefined ? [] : judgePeople(check, room, people)),
    ...(beds === undefined ? [] : [beds]),
  ];
}

function checkName({ sourceId }: RoomToCheck): string {
  return `room ${sourceId}`;
}
