import { isDeepStrictEqual } from 'node:util';
import type { Command, CommandAuthor, Incident, Override } from '@vigilia/protocol';
import type { Draft } from './draft.ts';
import { authorOfDesired, isUnfollowed } from './follow-operators.ts';
import { byAge, partOf } from './incident-state.ts';
import type { Rules } from './rules.ts';
import type { ObservedProcessor, StreamView } from './view.ts';

type Field = Override['field'];

/** A setting that an incident wants changed while it lasts. */
export interface WantedOverride {
  readonly incidentId: string;
  readonly processor: ObservedProcessor;
  readonly sourceId: number;
  readonly field: Field;
  readonly set: number | string;
  /** A rate is only ever lowered by relief and only ever raised by degraded mode. */
  readonly direction: 'lower' | 'raise' | 'either';
}

/** What a setting of a room at a home should be now. */
export interface EffectiveSetting {
  readonly value: number | string;
  /** What it is without incidents. */
  readonly desired: number | string;
  /** The incident that wants it otherwise than desired. */
  readonly incident: Incident | undefined;
}

const fields: readonly Field[] = ['max_fps', 'model_id'];

/**
 * Makes every home monitor its rooms with the settings that are in force: what is desired, changed by the oldest incident that
 * wants it otherwise. `overrides` records the difference in that incident, before any command is sent.
 */
export function applyEffectiveSettings(rules: Rules, wantedOverrides: readonly WantedOverride[]): void {
  const { draft, watchers } = rules;
  const overrides = new Map<string, Override[]>();
  for (const home of draft.view.processors.values()) {
    if (home.role !== 'home' || !watchers.commandable(home)) continue;
    for (const [sourceId, stream] of home.streams) {
      for (const field of fields) {
        const effective = effectiveSetting(draft, home, { sourceId, field, wantedOverrides });
        if (effective !== undefined) {
          applySetting(draft, home, { sourceId, stream, field, effective, overrides });
        }
      }
    }
  }
  for (const incident of byAge(draft)) {
    const next = overrides.get(incident.incident_id) ?? [];
    if (!isDeepStrictEqual(next, incident.overrides)) {
      draft.edit(incident.incident_id, { overrides: next });
    }
  }
}

/**
 * Returns what a setting should be; undefined where the orchestrator leaves it alone: an operator's change that the desired state does
 * not follow (yet, or because the room is only a guest here), and a processor that does not state who set it.
 */
export function effectiveSetting(
  draft: Draft,
  home: ObservedProcessor,
  slot: { readonly sourceId: number; readonly field: Field; readonly wantedOverrides: readonly WantedOverride[] },
): EffectiveSetting | undefined {
  const { sourceId, field } = slot;
  const room = draft.desired.get(sourceId);
  const owner = home.streams.get(sourceId)?.setBy?.[field];
  if (room === undefined || owner === undefined || isUnfollowed(draft, home, sourceId, field)) return undefined;
  const isGuest = room.home !== home.instanceId;
  const desired = room[field] ?? home.defaults[field];
  const isFirstHand = owner.by === 'operator' && owner.restored !== true;
  if (desired === undefined || (isGuest && isFirstHand)) return undefined;
  const spared = new Set(isGuest ? [] : room.followed?.[field]?.during);
  const wantedOverride = slot.wantedOverrides.find(
    (one) => one.processor === home && one.sourceId === sourceId && one.field === field && !spared.has(one.incidentId),
  );
  if (wantedOverride === undefined || !changes(wantedOverride, desired))
    return { value: desired, desired, incident: undefined };
  return { value: wantedOverride.set, desired, incident: draft.incident(wantedOverride.incidentId) };
}

function changes({ set, direction }: WantedOverride, desired: number | string): boolean {
  if (direction === 'lower') return set < desired;
  return direction === 'raise' ? set > desired : set !== desired;
}

function applySetting(
  draft: Draft,
  home: ObservedProcessor,
  slot: {
    readonly sourceId: number;
    readonly stream: StreamView;
    readonly field: Field;
    readonly effective: EffectiveSetting;
    readonly overrides: Map<string, Override[]>;
  },
): void {
  const { sourceId, stream, field, effective, overrides } = slot;
  const room = draft.desired.get(sourceId);
  const { value, desired } = effective;
  const current = currentValue(stream, field);
  const left = current === desired ? undefined : draft.incident(stream.setBy?.[field]?.incident_id ?? '');
  const incident = effective.incident ?? left;
  if (incident !== undefined && incident.state !== 'closed') {
    const set = effective.incident === undefined ? current : value;
    const record = { instance_id: home.instanceId, source_id: sourceId, field, before: desired, set };
    overrides.set(incident.incident_id, [...(overrides.get(incident.incident_id) ?? []), record]);
  }
  const refused = draft.view.failures.get(keyOf(home, sourceId, field))?.code;
  if (room === undefined || current === value || refused === 'model_not_found' || refused === 'model_invalid') return;
  if (draft.acts(`remove:${home.instanceId}:${sourceId}`)) return;
  draft.act({
    kind: 'command',
    key: keyOf(home, sourceId, field),
    instanceId: home.instanceId,
    command: commandFor(sourceId, field, value),
    author: effective.incident === undefined ? authorOfDesired(room, [field]) : byIncident(effective.incident),
    why: effective.incident === undefined ? 'it is desired so' : 'the incident wants it',
    ...partOf(incident),
  });
}

function byIncident({ incident_id }: Incident): CommandAuthor {
  return { by: 'orchestrator', incident_id };
}

function keyOf({ instanceId }: ObservedProcessor, sourceId: number, field: Field): string {
  return `${field === 'max_fps' ? 'fps' : 'model'}:${instanceId}:${sourceId}`;
}

function commandFor(source_id: number, field: Field, value: number | string): Command {
  return field === 'max_fps'
    ? { command: 'set_fps', params: { max_fps: Number(value), source_id } }
    : { command: 'change_model', params: { model_id: String(value), source_id } };
}

function currentValue(stream: StreamView, field: Field): number | string {
  return field === 'max_fps' ? stream.maxFps : stream.modelId;
}
