import { byAge, type Dedicated, isStandby } from './incident-state.ts';
import { stop } from './retire-dedicated.ts';
import type { Rules } from './rules.ts';

/** Standbys that no incident has taken, in order of name. */
export function freeStandbys({ draft, dedicated }: Pick<Rules, 'draft' | 'dedicated'>): Dedicated[] {
  const taken = new Set<string>();
  for (const incident of byAge(draft)) {
    if (incident.state !== 'closed' && incident.released !== true && incident.dedicated !== undefined) {
      taken.add(incident.dedicated);
    }
  }
  return [...dedicated.values()].filter((one) => isStandby(one) && !taken.has(one.instanceId) && rooms(one) === 0);
}

function rooms(one: Dedicated): number {
  return one.processor?.streams.size ?? 0;
}

/**
 * Keeps the policy's number of standbys: started without a room and with the incident's model, so that a fall only
 * waits for a camera. One that an incident took is a standby again when its room has gone home; too many are stopped.
 */
export function keepStandbys(rules: Rules): void {
  const { draft } = rules;
  if (!draft.view.runtime.listed) return;
  const free = freeStandbys(rules);
  for (const one of free.slice(draft.policy.standby)) {
    stop(rules, one.instanceId, 'more standbys than the policy wants', undefined);
  }
  const all = [...rules.dedicated.values()].filter(isStandby).length;
  const coming = [...draft.view.pending].filter((key) => key.startsWith('standby:')).length;
  if (all + coming >= draft.policy.standby) return;
  const instanceId = freeName(rules);
  const model = draft.policy.incident.model_id;
  draft.act({
    kind: 'spawn',
    key: `standby:${instanceId}`,
    spec: {
      instanceId,
      sourceIds: [],
      modelId: model,
      providers: draft.policy.incident.providers,
      maxFps: draft.policy.incident.max_fps,
    },
    why: 'the policy wants a standby',
  });
}

function freeName({ draft }: Rules): string {
  const { processors, runtime, pending } = draft.view;
  for (let n = 1; ; n += 1) {
    const name = `standby_${n}`;
    if (!processors.has(name) && !runtime.instances.has(name) && !pending.has(`standby:${name}`)) return name;
  }
}
