import type { Incident, Override } from '@vigilia/protocol';
import { isFromFlags } from './from-flags.ts';
import { byAge, partOf } from './incident-state.ts';
import type { Rules } from './rules.ts';
import type { ProcessorView } from './view.ts';

/** A processor publishes its status first and the final ACK of the command right after it. */
const explainedWithinMs = 2000;

/** A setting that an incident wants changed while it lasts. */
export interface Overlay {
  readonly incidentId: string;
  readonly processor: ProcessorView;
  readonly sourceId: number;
  readonly field: Override['field'];
  readonly set: number | string;
  /** A rate is only ever lowered by relief and only ever raised by degraded mode. */
  readonly direction: 'lower' | 'raise' | 'either';
}

/** Which setting of which room at which processor an override is about. */
export function slotOf(entry: Pick<Override, 'instance_id' | 'source_id' | 'field'>): string {
  return `${entry.instance_id} ${entry.source_id} ${entry.field}`;
}

function slotOfOverlay(overlay: Overlay): string {
  return slotOf({ instance_id: overlay.processor.instanceId, source_id: overlay.sourceId, field: overlay.field });
}

/**
 * Keeps overrides and overlays together. An override is written into its incident first and set by the same plan; it is
 * taken back when no incident wants it any more, and only where the value is still the one that was set. A value that is
 * neither `before` nor `set` was chosen by a person: the entry is voided (`before` = `set` = that value) and left alone.
 * An entry whose incident ends goes over to the one that still wants it, so that `before` is not forgotten.
 */
export function applyOverlays(rules: Rules, overlays: readonly Overlay[]): void {
  const { draft } = rules;
  const wanted = new Map<string, Overlay[]>();
  for (const overlay of overlays) {
    const slot = slotOfOverlay(overlay);
    wanted.set(slot, [...(wanted.get(slot) ?? []), overlay]);
  }
  const kept = new Map<string, Override[]>();
  const held = new Set<string>();
  const incidents = byAge(draft);
  for (const incident of incidents) {
    for (const entry of incident.overrides) {
      const slot = slotOf(entry);
      const who = wanted.get(slot) ?? [];
      const next = held.has(slot) ? undefined : tend(rules, incident, entry, who[0]);
      if (next === undefined) continue;
      held.add(slot);
      const owner = who.some((one) => one.incidentId === incident.incident_id) ? undefined : who[0]?.incidentId;
      push(kept, owner ?? incident.incident_id, next);
    }
  }
  for (const [slot, [overlay]] of wanted) {
    const entry = overlay === undefined || held.has(slot) ? undefined : newEntry(rules, overlay);
    if (entry === undefined || overlay === undefined) continue;
    push(kept, overlay.incidentId, entry);
    if (currentValue(rules, entry) !== entry.set)
      change(rules, draft.incident(overlay.incidentId), entry, entry.set, 'the incident wants it');
  }
  for (const incident of incidents) {
    const next = kept.get(incident.incident_id) ?? [];
    if (!sameEntries(next, incident.overrides)) draft.edit(incident.incident_id, { overrides: next });
  }
}

/** The entry as it is to be kept, after doing what it asks for now; undefined when it is done with. */
function tend(rules: Rules, incident: Incident, entry: Override, overlay: Overlay | undefined): Override | undefined {
  const value = currentValue(rules, entry);
  if (value === 'away') return entry;
  // its own command is on the way: what it will come to is not known yet
  if (rules.draft.view.pending.has(keyOf(entry))) return entry;
  if (value === undefined) return undefined;
  const voided = entry.before === entry.set;
  if (overlay === undefined) {
    if (voided || value !== entry.set) return undefined;
    change(rules, incident, entry, entry.before, 'no incident wants it any more');
    return entry;
  }
  const meant = !isFromFlags(overlay.processor, entry.source_id, entry.field);
  // a processor that was started anew has forgotten what somebody set
  if (voided && !meant && value !== entry.set) change(rules, incident, entry, entry.set, 'somebody has set it so');
  if (voided || isBeingExplained(rules, entry)) return entry;
  if (value !== entry.before && value !== entry.set && meant) return { ...entry, before: value, set: value };
  if (value !== overlay.set) change(rules, incident, entry, overlay.set, 'the incident wants it');
  return overlay.set === entry.set || value !== overlay.set ? entry : { ...entry, set: overlay.set };
}

/** Somebody has just changed it, perhaps to what it was before: the ACK that says who is on its way. */
function isBeingExplained({ draft, watching }: Rules, entry: Override): boolean {
  const changedMs = watching.processor(entry.instance_id)?.streams.get(entry.source_id)?.changed[entry.field];
  return changedMs !== undefined && !draft.reached(draft.now.monoMs - changedMs, explainedWithinMs);
}

/** The value in force; `away` while the processor cannot be asked, undefined when it does not watch the room. */
export function currentValue(
  { watching }: Rules,
  entry: Pick<Override, 'instance_id' | 'source_id' | 'field'>,
): number | string | 'away' | undefined {
  const processor = watching.processor(entry.instance_id);
  if (!watching.commandable(processor)) return 'away';
  const stream = processor.streams.get(entry.source_id);
  return entry.field === 'max_fps' ? stream?.maxFps : stream?.modelId;
}

/** What a processor does by its flags alone is measured, and later restored, as what is desired there. */
function newEntry({ draft }: Rules, overlay: Overlay): Override | undefined {
  const { processor, sourceId, field, set, direction } = overlay;
  const stream = processor.streams.get(sourceId);
  if (stream === undefined || !processor.control || processor.status === 'starting') return undefined;
  const value = field === 'max_fps' ? stream.maxFps : stream.modelId;
  const room = draft.desired.get(sourceId);
  const desired = room?.home === processor.instanceId ? room[field] : undefined;
  const before = isFromFlags(processor, sourceId, field) ? (desired ?? value) : value;
  if (before === set) return undefined;
  if (direction === 'lower' && before < set) return undefined;
  if (direction === 'raise' && before > set) return undefined;
  return { instance_id: processor.instanceId, source_id: sourceId, field, before, set };
}

function keyOf({ field, instance_id, source_id }: Override): string {
  return `${field === 'max_fps' ? 'fps' : 'model'}:${instance_id}:${source_id}`;
}

function change(rules: Rules, incident: Incident | undefined, entry: Override, to: number | string, why: string): void {
  const source_id = entry.source_id;
  const fps = entry.field === 'max_fps';
  rules.draft.act({
    kind: 'command',
    key: keyOf(entry),
    instanceId: entry.instance_id,
    command: fps
      ? { command: 'set_fps', params: { max_fps: Number(to), source_id } }
      : { command: 'change_model', params: { model_id: String(to), source_id } },
    why,
    ...partOf(incident),
  });
}

function push(map: Map<string, Override[]>, key: string, entry: Override): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [entry]);
  else list.push(entry);
}

function sameEntries(a: readonly Override[], b: readonly Override[]): boolean {
  return a.length === b.length && a.every((entry, i) => same(entry, b[i]));
}

function same(a: Override, b: Override | undefined): boolean {
  return b !== undefined && slotOf(a) === slotOf(b) && a.before === b.before && a.set === b.set;
}
