import type { Fall, FallAnswer } from './fall-state.ts';

export interface FallsAnswered {
  readonly answer: FallAnswer;
  /** Returns whether a fall of this id is meant. */
  concerns(fallId: string): boolean;
}

/**
 * Puts falls into the state that people's answer asks for. `acknowledged`: no more reminders. `resolved`: quiet at that place until the
 * resident is up or in bed. `open`: a fall whose answer was taken back is as it was before. Other falls of the room go on.
 */
export function answerFalls(falls: readonly Fall[], { answer, concerns }: FallsAnswered, atMs: number): Fall[] {
  return falls.map((fall) => {
    if (fall.kind === 'candidate' || !concerns(fall.id)) return fall;
    return answer === 'resolved' ? resolved(fall, atMs) : asked(fall, answer === 'acknowledged');
  });
}

function resolved(fall: Fall, atMs: number): Fall {
  if (fall.kind === 'quiet') return fall;
  return { ...fall, kind: 'quiet', resolvedAtMs: atMs, upAtMs: undefined, upLooks: 0 };
}

function asked(fall: Fall, isAcknowledged: boolean): Fall {
  if (fall.kind === 'quiet') {
    const kind = fall.alarmAtMs === undefined ? 'down' : 'alarm';
    return asked({ ...fall, kind, resolvedAtMs: undefined }, isAcknowledged);
  }
  return fall.kind === 'alarm' ? { ...fall, acknowledged: isAcknowledged } : fall;
}
