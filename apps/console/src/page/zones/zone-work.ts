import type { Zone } from '@vigilia/protocol';
import { editZones, type ZoneEdit } from './edit.ts';

type Zones = readonly Zone[];

/** Zones while a person edits them, with every step that can be taken back. */
export interface ZoneWork {
  readonly zones: Zones;
  /** The newest last. */
  readonly past: readonly Zones[];
  /** The next first. */
  readonly future: readonly Zones[];
  /** A drag is one step: moves of the same corner are joined. */
  readonly lastEdit?: ZoneEdit | undefined;
}

const mostSteps = 200;

export function startWork(zones: Zones): ZoneWork {
  return { zones, past: [], future: [] };
}

/** Returns the work after an edit; pure. */
export function workOnZones(work: ZoneWork, edit: ZoneEdit): ZoneWork {
  if (edit.do === 'load') return startWork(edit.zones);
  const zones = editZones(work.zones, edit);
  const past = isSameDrag(work.lastEdit, edit) ? work.past : [...work.past, work.zones].slice(-mostSteps);
  return { zones, past, future: [], lastEdit: edit };
}

export function undo(work: ZoneWork): ZoneWork {
  const before = work.past.at(-1);
  if (before === undefined) return work;
  return { zones: before, past: work.past.slice(0, -1), future: [work.zones, ...work.future] };
}

export function redo(work: ZoneWork): ZoneWork {
  const [next, ...future] = work.future;
  return next === undefined ? work : { zones: next, past: [...work.past, work.zones], future };
}

function isSameDrag(before: ZoneEdit | undefined, edit: ZoneEdit): boolean {
  return before?.do === 'move' && edit.do === 'move' && before.zone === edit.zone && before.corner === edit.corner;
}
