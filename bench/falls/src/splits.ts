import type { Clip } from './clip-list.ts';
import { subjectOf } from './subjects.ts';

/** Clips on which the fitted numbers are fitted, and clips on which they are then judged. No clip is in both. */
export interface Fold {
  readonly title: string;
  /** Undefined: the numbers that the product ships. */
  readonly fittedOn: readonly Clip[] | undefined;
  readonly judgedOn: readonly Clip[];
}

const isUrfd = ({ set }: Clip): boolean => set === 'urfd';
const isGmdcsa = ({ set }: Clip): boolean => set === 'gmdcsa24';
/** Their ground truth also holds the rooms without people, which the data sets hardly show. */
const isRoom = ({ set }: Clip): boolean => set === 'rendered';

/** Fitted on one data set (and the rendered rooms), judged on the other. */
export function crossDataSetFolds(clips: readonly Clip[]): Fold[] {
  return [
    {
      title: 'fitted on URFD, judged on GMDCSA24',
      fittedOn: clips.filter((clip) => isUrfd(clip) || isRoom(clip)),
      judgedOn: clips.filter(isGmdcsa),
    },
    {
      title: 'fitted on GMDCSA24, judged on URFD',
      fittedOn: clips.filter((clip) => isGmdcsa(clip) || isRoom(clip)),
      judgedOn: clips.filter(isUrfd),
    },
  ];
}

/** Fitted on everyone but one person (and the rendered rooms), judged on that person. */
export function leaveOneSubjectOutFolds(clips: readonly Clip[]): Fold[] {
  const real = clips.filter((clip) => isUrfd(clip) || isGmdcsa(clip));
  const subjects = [...new Set(real.flatMap((clip) => subjectOf(clip) ?? []))].sort();
  return subjects.map((subject) => ({
    title: `${subject} left out`,
    fittedOn: [...real.filter((clip) => subjectOf(clip) !== subject), ...clips.filter(isRoom)],
    judgedOn: real.filter((clip) => subjectOf(clip) === subject),
  }));
}

/** Rendered rooms. The easy ones are judged with numbers fitted on real footage, because the shipped ones know them. */
export function renderedFolds(clips: readonly Clip[]): Fold[] {
  return [
    {
      title: 'rooms',
      fittedOn: clips.filter((clip) => isUrfd(clip) || isGmdcsa(clip)),
      judgedOn: clips.filter(isRoom),
    },
    { title: 'rooms-hard', fittedOn: undefined, judgedOn: clips.filter(({ set }) => set === 'rendered-hard') },
  ];
}

/** Footage of other places, which fitted nothing. */
export function otherFolds(clips: readonly Clip[]): Fold[] {
  const isCareHome = ({ name }: Clip): boolean => name.includes('care-home');
  return [
    { title: 'care homes', fittedOn: undefined, judgedOn: clips.filter(isCareHome) },
    {
      title: 'empty room and persons',
      fittedOn: undefined,
      judgedOn: clips.filter((clip) => clip.set === 'other' && !isCareHome(clip)),
    },
  ];
}
