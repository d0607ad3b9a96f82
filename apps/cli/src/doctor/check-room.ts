import { checkCamera, checkName, frameFault, type SurveyOptions } from '@vigilia/processor';
import type { Finding } from '@vigilia/protocol';
import { judgeBeds } from './judge-beds.ts';
import { judgePeople } from './judge-people.ts';
import type { PeopleFinder } from './people-finder.ts';
import type { PeopleFound, RoomToCheck } from './room-survey.ts';

/** Returns what one room's camera sends, and a finding for each thing that makes falls harder to see. */
export function checkRoom(
  room: RoomToCheck,
  { people, mediaDir, limitMs }: SurveyOptions & { readonly people?: PeopleFinder | undefined },
): Promise<readonly Finding[]> {
  return checkCamera(room, {
    mediaDir,
    limitMs,
    judgeMore: async (survey, frames) => {
      // nothing can be found in a picture that shows nothing
      const found = frameFault(survey) === undefined ? await people?.survey(frames) : undefined;
      return judgeContents(room, found);
    },
  });
}

/** Returns the findings on people and beds. Pure. */
export function judgeContents(room: RoomToCheck, people: PeopleFound | undefined): readonly Finding[] {
  const check = checkName(room);
  const beds = judgeBeds(check, room, people);
  return [...(people === undefined ? [] : judgePeople(check, room, people)), ...(beds === undefined ? [] : [beds])];
}
