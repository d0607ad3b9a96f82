import type { Zone } from '@vigilia/protocol';
import type { ZoneProblem } from '@vigilia/protocol/zone-shapes';
import type { JSX } from 'preact';
import type { RoomView } from '../../shared/view.ts';
import { usePage } from '../parts/context.ts';
import type { ZoneEdit } from './edit.ts';
import { suggestZones } from './suggest-zones.ts';
import { zoneText } from './zone-texts.ts';

export interface SuggestionsProps {
  readonly room: RoomView;
  readonly zones: readonly Zone[];
  readonly onEdit: (edit: ZoneEdit) => void;
}

/** Zones for what the model sees; where it sees no furniture, why there are none. */
export function Suggestions({ room, zones, onEdit }: SuggestionsProps): JSX.Element {
  const { t, language } = usePage();
  const suggested = suggestZones(room.outlines, zones);
  if (suggested.length === 0) {
    return <p class="quiet">{zoneText(language, 'no_suggestions', { model: room.modelId ?? '—' })}</p>;
  }
  return (
    <fieldset class="suggestions">
      <legend>{zoneText(language, 'suggestions')}</legend>
      {suggested.map((zone, index) => (
        <button key={index} type="button" class="plain" onClick={() => onEdit({ do: 'add_drawn', zone })}>
          {zoneText(language, 'suggest', { zone: t(`zone.${zone.kind}`) })}
        </button>
      ))}
    </fieldset>
  );
}

export interface ZoneProblemsProps {
  readonly problems: readonly ZoneProblem[];
  readonly zones: readonly Zone[];
}

/** Why the zones cannot be saved, in words; the picture has the marks. */
export function ZoneProblems({ problems, zones }: ZoneProblemsProps): JSX.Element {
  const { t, language } = usePage();
  const nameOf = (index = 0): string => {
    const { kind, name } = zones[index] ?? { kind: 'bed' as const, name: undefined };
    return `${index + 1} (${name ?? t(`zone.${kind}`)})`;
  };
  return (
    <div role="alert" class="zone-problems">
      {problems.map(({ reason, zone, other }, index) => (
        <p key={index} class="trouble" data-problem={reason}>
          {zoneText(language, reason, { zone: nameOf(zone), other: nameOf(other) })}
        </p>
      ))}
      {problems.length === 0 ? null : <p class="quiet">{zoneText(language, 'not_saved_problem')}</p>}
    </div>
  );
}

export interface DrawToolsProps {
  /** Corners so far; undefined: no zone is being drawn. */
  readonly drawn: readonly (readonly [number, number])[] | undefined;
  readonly onDraw: (drawn: DrawToolsProps['drawn']) => void;
  readonly onFinish: () => void;
  /** Adds a zone whose corners are moved with the keyboard. */
  readonly onAdd: () => void;
}

/** Starts and ends a zone. */
export function DrawTools({ drawn, onDraw, onFinish, onAdd }: DrawToolsProps): JSX.Element {
  const { language } = usePage();
  if (drawn === undefined) {
    return (
      <div class="actions">
        <button type="button" class="plain" onClick={() => onDraw([])}>
          {zoneText(language, 'draw')}
        </button>
        <button type="button" class="plain" onClick={onAdd}>
          {zoneText(language, 'add')}
        </button>
      </div>
    );
  }
  return (
    <div class="actions">
      <p role="status">{zoneText(language, 'drawing', { count: drawn.length })}</p>
      <button type="button" class="main" disabled={drawn.length < 3} onClick={onFinish}>
        {zoneText(language, 'finish')}
      </button>
      <button type="button" class="plain" onClick={() => onDraw(undefined)}>
        {zoneText(language, 'cancel')}
      </button>
    </div>
  );
}
