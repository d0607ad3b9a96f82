import type { Zone } from '@vigilia/protocol';
import { useEffect, useReducer, useState } from 'preact/hooks';
import type { RoomView } from '../../shared/view.ts';
import { keepWork, keptWork } from '../parts/unsaved-work.ts';
import type { ZoneEdit } from './edit.ts';
import { redo, startWork, undo, workOnZones, type ZoneWork } from './zone-work.ts';

/** `not_kept`: in force, but the orchestrator has not taken them over. */
type ZonesState = 'same' | 'changed' | 'saved' | 'not_kept';

export interface ZonesInWork {
  readonly zones: readonly Zone[];
  readonly state: ZonesState;
  /** The changes are of an earlier visit to the page. */
  readonly wasKept: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly onEdit: (edit: ZoneEdit) => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onSaved: (kept: boolean) => void;
  readonly onDiscard: () => void;
}

type Step = ZoneEdit | { readonly do: 'undo' } | { readonly do: 'redo' };

function step(work: ZoneWork, edit: Step): ZoneWork {
  if (edit.do === 'undo') return undo(work);
  return edit.do === 'redo' ? redo(work) : workOnZones(work, edit);
}

/** The zones of a room in work: kept in this tab until they are saved or discarded. */
export function useZoneWork(room: RoomView): ZonesInWork {
  const key = `zones-${room.id}`;
  const [wasKept, setWasKept] = useState(() => keptWork(key) !== undefined);
  const [work, dispatch] = useReducer<ZoneWork, Step>(step, startWork(keptWork<readonly Zone[]>(key) ?? room.zones));
  const [state, setState] = useState<ZonesState>(wasKept ? 'changed' : 'same');
  const inForce = JSON.stringify(room.zones);
  // The zones of the site count as long as nothing was changed here.
  useEffect(() => {
    if (state !== 'changed') {
      dispatch({ do: 'load', zones: JSON.parse(inForce) as Zone[] });
    }
  }, [inForce, state]);
  useEffect(() => keepWork(key, state === 'changed' ? work.zones : undefined), [key, state, work.zones]);
  const change = (edit: Step): void => {
    setWasKept(false);
    setState('changed');
    dispatch(edit);
  };
  const end = (next: ZonesState): void => {
    setWasKept(false);
    setState(next);
  };
  return {
    zones: work.zones,
    state,
    wasKept,
    canUndo: work.past.length > 0,
    canRedo: work.future.length > 0,
    onEdit: change,
    onUndo: () => change({ do: 'undo' }),
    onRedo: () => change({ do: 'redo' }),
    onSaved: (kept) => end(kept ? 'saved' : 'not_kept'),
    onDiscard: () => end('same'),
  };
}
