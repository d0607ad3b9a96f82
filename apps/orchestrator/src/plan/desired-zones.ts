import type { Rules } from './rules.ts';

/**
 * A home that watches a room without knowing where its bed is (its flags cannot say) is told. Zones that it has are left
 * alone: a person's `set_zones` reaches the desired state through `followOperators`.
 */
export function tellZones({ draft, watching }: Rules): void {
  for (const [sourceId, { home: instanceId, zones }] of draft.desired) {
    const home = watching.processor(instanceId);
    const stream = home?.streams.get(sourceId);
    if (zones === undefined || home === undefined || stream === undefined || stream.zonesConfigured) continue;
    // its rate and model first: a processor that was told anything no longer shows what its flags say
    if (['fps', 'model'].some((what) => draft.acts(`${what}:${instanceId}:${sourceId}`))) continue;
    const key = `zones:${instanceId}:${sourceId}`;
    if (home.status === 'starting' || !watching.commandable(home) || draft.view.failures.has(key)) continue;
    draft.act({
      kind: 'command',
      key,
      instanceId,
      command: { command: 'set_zones', params: { source_id: sourceId, zones } },
      why: 'it does not know the zones of the room',
    });
  }
}
