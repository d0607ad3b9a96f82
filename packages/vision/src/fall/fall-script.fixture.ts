import type { AlarmContext } from './alarm-rules.ts';
import type { Sighting } from './episode.ts';
import { type FallInput, stepFall } from './fall-machine.ts';
import { defaultFallPolicy as policy } from './fall-policy.ts';
import type { FallState } from './fall-state.ts';

type Posture = Sighting['posture'] | 'sits' | 'faint' | 'sure' | 'miss' | 'time' | 'acknowledged' | 'resolved';
/**
 * `[second, what was seen]`; `sits` is LOW in the shape of somebody sitting on the floor, `faint` lying but hardly like a
 * person, `sure` lying and surely one.
 */
export type Script = readonly (readonly [second: number, posture: Posture])[];

const box = { x1: 0.2, y1: 0.7, x2: 0.6, y2: 0.8 };

function input(second: number, posture: Posture, o: { abrupt?: boolean; cameIn?: boolean }): FallInput {
  if (posture === 'miss' || posture === 'time' || posture === 'acknowledged' || posture === 'resolved')
    return { kind: posture };
  const low = posture !== 'up' && posture !== 'unsure' && posture !== 'bed' && posture !== 'part';
  const sighting = {
    atMs: second * 1000,
    posture: low ? 'low' : posture,
    lying: low && posture !== 'sits',
    score: low ? 3 : 0,
    rules: low ? ['wide_box', 'flat'] : [],
    confidence: posture === 'faint' ? 0.2 : posture === 'sure' ? 0.7 : 0.4,
    turned: false,
    box,
  } as const;
  return { kind: 'sighting', sighting, abrupt: o.abrupt ?? true, cameIn: o.cameIn ?? false, fallId: '1-0' };
}

/** Runs a script; gives the last state's name and everything that was told: `['candidate@0', …]`. */
export function run(
  script: Script,
  o: Partial<AlarmContext> & { abrupt?: boolean; cameIn?: boolean } = {},
): { state: FallState['kind']; told: string[] } {
  let state: FallState = { kind: 'none' };
  const told: string[] = [];
  for (const [second, posture] of script) {
    const context: AlarmContext = {
      nearExit: false,
      attended: false,
      othersUp: false,
      roomAlarmed: false,
      zonesConfigured: true,
      intervalMs: 1000,
      ...o,
      atMs: second * 1000,
    };
    const [next, effects] = stepFall(state, input(second, posture, o), context, policy);
    state = next;
    told.push(...effects.map((effect) => `${effect.kind}${'rule' in effect ? `:${effect.rule}` : ''}@${second}`));
  }
  return { state: state.kind, told };
}

/** The same posture each second, both ends included. */
export const hold = (from: number, to: number, posture: Posture): Script =>
  Array.from({ length: to - from + 1 }, (_, i) => [from + i, posture] as const);
