import type { Zone } from '@vigilia/protocol';
import type { ZoneProblem } from '@vigilia/protocol/zone-shapes';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { SnapshotView } from '../../shared/snapshot-view.ts';
import type { RoomView } from '../../shared/view.ts';
import { usePage } from '../parts/context.ts';
import { FrameGround, snapshotText } from '../parts/room-frame.tsx';
import type { ZoneEdit } from './edit.ts';
import { zoneText } from './zone-texts.ts';

export interface ZoneEditorProps {
  readonly room: RoomView;
  readonly zones: readonly Zone[];
  readonly onEdit: (edit: ZoneEdit) => void;
  /** What the zones are drawn on, where a person asked for it. */
  readonly snapshot: SnapshotView | undefined;
  /** Where zones cross themselves or overlap. */
  readonly problems: readonly ZoneProblem[];
  /** Corners of a zone that is being drawn; undefined: none is. */
  readonly drawn: readonly Place[] | undefined;
  /** The picture was clicked beside all corners. */
  readonly onPlace: (place: Place) => void;
}

type Place = readonly [x: number, y: number];

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The empty frame of a room, or a picture of it, with its zones; each corner is a button that can be dragged or moved with the arrow keys. */
export function ZoneEditor(props: ZoneEditorProps): JSX.Element {
  const { zones, onEdit, drawn, onPlace } = props;
  const frame = useRef<HTMLDivElement>(null);
  const placeOf = (event: MouseEvent): Place | undefined => {
    const box = frame.current?.getBoundingClientRect();
    if (box === undefined) return undefined;
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  const place = (event: PointerEvent): Place | undefined => (event.buttons === 0 ? undefined : placeOf(event));
  const click = (event: MouseEvent): void => {
    const at = placeOf(event);
    if (at !== undefined && !(event.target instanceof HTMLButtonElement)) {
      onPlace(at);
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the corners are buttons, and every click has a button that does the same
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div class={drawn === undefined ? 'zone-editor' : 'zone-editor drawing'} ref={frame} onClick={click}>
      <Drawing {...props} />
      {zones.map((zone, index) =>
        zone.points.map((_, corner) => (
          <Corner key={`${index} ${corner}`} zones={zones} zone={index} corner={corner} place={place} onEdit={onEdit} />
        )),
      )}
    </div>
  );
}

function Drawing({ room, zones, snapshot, problems, drawn = [] }: ZoneEditorProps): JSX.Element {
  const { t, language } = usePage();
  const aspect = room.aspect ?? 16 / 9;
  const label =
    snapshot === undefined
      ? zoneText(language, 'frame')
      : `${zoneText(language, 'frame_snapshot')} ${snapshotText(t, language, snapshot)}`;
  return (
    <svg class="frame" viewBox={`0 0 ${aspect} 1`} role="img" aria-label={label}>
      <FrameGround aspect={aspect} snapshot={snapshot} />
      {zones.map((zone, index) => (
        <g key={index}>
          <polygon
            class={`frame-zone zone-${zone.kind}`}
            points={zone.points.map(([x, y]) => `${x * aspect},${y}`).join(' ')}
          />
          <text class="zone-label" {...middle(zone, aspect)}>
            {zone.name ?? t(`zone.${zone.kind}`)}
          </text>
        </g>
      ))}
      {room.outlines.map((box, index) => (
        <rect
          key={index}
          class={box.person ? 'box box-person' : 'box'}
          x={box.x * aspect}
          y={box.y}
          width={box.width * aspect}
          height={box.height}
        />
      ))}
      <polyline class="zone-drawn" points={drawn.map(([x, y]) => `${x * aspect},${y}`).join(' ')} />
      {drawn.map(([x, y], index) => (
        <circle key={index} class="zone-drawn" cx={x * aspect} cy={y} r="0.012" />
      ))}
      {problems.map(({ reason, at: [x, y] }, index) => (
        <circle key={index} class="zone-problem" data-mark={reason} cx={x * aspect} cy={y} r="0.03" />
      ))}
    </svg>
  );
}

interface CornerProps extends Pick<ZoneEditorProps, 'zones' | 'onEdit'> {
  readonly zone: number;
  readonly corner: number;
  /** Where in the frame (0..1) a pressed pointer is. */
  readonly place: (event: PointerEvent) => readonly [number, number] | undefined;
}

function Corner({ zones, zone, corner, place, onEdit }: CornerProps): JSX.Element {
  const { t, language } = usePage();
  const { kind, name, points } = zones[zone] ?? { kind: 'bed' as const, name: undefined, points: [] };
  const [x, y] = points[corner] ?? [0, 0];
  const percent = { x: Math.round(x * 100), y: Math.round(y * 100) };
  const drag = (event: PointerEvent): void => {
    const to = place(event);
    if (to !== undefined) {
      onEdit({ do: 'move', zone, corner, x: to[0], y: to[1] });
    }
  };
  const press = (event: KeyboardEvent): void => {
    const arrow = arrows[event.key];
    const removes = event.key === 'Delete' || event.key === 'Backspace';
    if (arrow === undefined && !removes) return;
    event.preventDefault();
    const step = event.shiftKey ? 0.05 : 0.01;
    if (arrow === undefined) {
      onEdit({ do: 'remove_corner', zone, corner });
    } else {
      onEdit({ do: 'move', zone, corner, x: x + arrow[0] * step, y: y + arrow[1] * step });
    }
  };
  return (
    <button
      type="button"
      class={`corner zone-${kind}`}
      style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
      aria-label={zoneText(language, 'corner', { n: corner + 1, zone: name ?? t(`zone.${kind}`), ...percent })}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
    />
  );
}

function middle({ points }: Zone, aspect: number): { x: number; y: number } {
  const x = points.reduce((sum, point) => sum + point[0], 0) / points.length;
  const y = points.reduce((sum, point) => sum + point[1], 0) / points.length;
  return { x: x * aspect, y };
}
