import type { FallPolicy } from '@vigilia/vision';
import type { ClipDetector } from './clip-detector.ts';
import type { Clip } from './clip-list.ts';
import { hashText, seededRandom } from './random.ts';
import { type Simulated, simulate } from './simulate.ts';

/** One clip watched once. */
export interface ClipRun {
  readonly clip: Clip;
  readonly modelId: string;
  readonly fps: number;
  readonly phase: number;
  readonly found: boolean;
  /** Alarm − `on_floor_from_s`, s; the source's falls without it: `fall_start_s` + 1 s, as in the others. */
  readonly delaySeconds: number | undefined;
  readonly falseAlarms: number;
  readonly suspicions: number;
  /** Why it was missed or falsely alarmed, for the report. */
  readonly reason: string | undefined;
  readonly simulated: Simulated;
}

const heldBefore = 30;
const heldAfter = 120;
export const phases = [0, 0.25, 0.5, 0.75] as const;

/** Runs one clip at one rate and phase. The first frame is held for 30 s before, the last for 120 s after. */
export async function evaluateClip(
  clip: Clip,
  detector: ClipDetector,
  o: { modelId: string; fps: number; phase: number; policy: FallPolicy; variants: number },
): Promise<ClipRun> {
  const held = (second: number) => second < 0 || second > detector.seconds;
  const variantAt = (second: number) =>
    1 + Math.floor(seededRandom(hashText(`${clip.name}@${second.toFixed(2)}`))() * o.variants);
  const simulated = await simulate(
    {
      width: detector.width,
      height: detector.height,
      fromSecond: -heldBefore,
      toSecond: detector.seconds + heldAfter,
      zones: clip.zones ?? undefined,
      look: (second, turned) =>
        detector.at(second, { variant: held(second) ? variantAt(second) : 0, light: 'plain' }, turned),
    },
    o,
  );
  return { clip, modelId: o.modelId, fps: o.fps, phase: o.phase, simulated, ...judge(clip, simulated) };
}

function judge(
  clip: Clip,
  { told }: Simulated,
): Pick<ClipRun, 'found' | 'delaySeconds' | 'falseAlarms' | 'suspicions' | 'reason'> {
  const alarms = told.filter(({ effect }) => effect.kind === 'detected');
  const suspicions = told.filter(({ effect }) => effect.kind === 'suspected').length;
  const begins = clip.fall_start_s ?? 0;
  const right = clip.kind === 'fall' ? alarms.find(({ at }) => at >= begins) : undefined;
  const floor = clip.on_floor_from_s ?? (clip.fall_start_s == null ? undefined : clip.fall_start_s + 1);
  const wrong = alarms.filter((alarm) => alarm !== right);
  const missed = clip.kind === 'fall' && !right;
  return {
    found: right !== undefined,
    delaySeconds: right && floor !== undefined ? right.at - floor : undefined,
    falseAlarms: wrong.length,
    suspicions: clip.kind === 'fall' ? 0 : suspicions,
    reason: missed ? missReason(told) : wrong.length > 0 ? wrong.map(falseReason).join('; ') : undefined,
  };
}

function missReason(told: Simulated['told']): string {
  const kinds = new Set(told.map(({ effect }) => effect.kind));
  if (kinds.has('suspected'))
    return kinds.has('recovered') ? 'suspected, then taken for recovered' : 'suspected, the alarm did not become due';
  if (kinds.has('burst')) return 'seen low at least once, not often enough to be suspected';
  return kinds.has('person_not_visible') ? 'never seen low; told as not visible' : 'never seen low';
}

function falseReason({ at, effect }: Simulated['told'][number]): string {
  if (effect.kind !== 'detected') return '';
  const { rule, abrupt, observations_low: low, observations_seen: seen } = effect.evidence;
  return `alarm at ${at.toFixed(0)} s by rule ${rule}${abrupt ? ' (abrupt)' : ''}, low in ${low} of ${seen}, low since ${(effect.lowAtMs / 1000).toFixed(0)} s`;
}
