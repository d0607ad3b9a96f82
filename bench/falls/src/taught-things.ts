import type { Zone } from '@vigilia/vision';
import type { Clip } from './clip-list.ts';
import type { ClipRun } from './evaluate-clip.ts';
import { type RunPlan, runClips } from './run-clips.ts';

/** One run of a clip, and the same run in a room that was taught that a thing stands exactly where the alarm was raised. */
export interface TaughtRun {
  readonly before: ClipRun;
  readonly after: ClipRun;
}

/** Watches every clip, teaches a thing at the place of every first alarm, and watches these clips again. Clips without zones are left out. */
export async function teachWhereAlarmed(plan: RunPlan): Promise<TaughtRun[]> {
  const clips = plan.clips.filter(({ zones }) => Array.isArray(zones));
  const taught: TaughtRun[] = [];
  for (const before of await runClips({ ...plan, clips })) {
    const place = alarmPlace(before);
    if (place === undefined) continue;
    const { clip, fps, phase } = before;
    const [after] = await runClips({ ...plan, clips: [withThing(clip, place)], rates: [fps], phases: [phase] });
    if (after !== undefined) {
      taught.push({ before, after });
    }
  }
  return taught;
}

type Place = { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };

function alarmPlace({ simulated }: ClipRun): Place | undefined {
  const alarm = simulated.told.find(({ effect }) => effect.kind === 'detected')?.effect;
  return alarm?.kind === 'detected' ? alarm.place : undefined;
}

function withThing(clip: Clip, { x1, y1, x2, y2 }: Place): Clip {
  const thing: Zone = {
    kind: 'thing',
    points: [
      [x1, y1],
      [x2, y1],
      [x2, y2],
      [x1, y2],
    ],
  };
  return { ...clip, zones: [...(clip.zones ?? []), thing] };
}
