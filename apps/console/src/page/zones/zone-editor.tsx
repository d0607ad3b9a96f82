import type { Zone } from '@vigilia/protocol';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { SnapshotView } from '../../shared/snapshot-view.ts';
import type { RoomView } from '../../shared/view.ts';
import { usePage } from '../parts/context.ts';
import { FrameGround, snapshotText } from '../parts/room-frame.tsx';
import type { ZoneEdit } from './edit.ts';

export interface ZoneEditorProps {
  readonly room: RoomView;
  readonly zones: readonly Zone[];
  readonly onEdit: (edit: ZoneEdit) => void;
  /** What the zones are drawn on, where a person asked for it. */
  readonly snapshot: SnapshotView | undefined;
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The empty frame of a room, or a picture of it, with its zones; each corner is a button that can be dragged or moved with the arrow keys. */
export function ZoneEditor({ room, zones, onEdit, snapshot }: ZoneEditorProps): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const place = (event: PointerEvent): readonly [number, number] | undefined => {
    const box = frame.current?.getBoundingClientRect();
    if (box === undefined || event.buttons === 0) return undefined;
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  return (
    <div class="zone-editor" ref={frame}>
      <Drawing room={room} zones={zones} snapshot={snapshot} />
      {zones.map((zone, index) =>
        zone.points.map((_, corner) => (
          <Corner key={`${index} ${corner}`} zones={zones} zone={index} corner={corner} place={place} onEdit={onEdit} />
        )),
      )}
    </div>
  );
}

function Drawing({ room, zones, snapshot }: Omit<ZoneEditorProps, 'onEdit'>): JSX.Element {
  const { t, language } = usePage();
  const aspect = room.aspect ?? 16 / 9;
  const label =
    snapshot === undefined ? t('zones.frame') : `${t('zones.frame.snapshot')} ${snapshotText(t, language, snapshot)}`;
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
  const { t } = usePage();
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
      aria-label={t('zones.corner', { n: corner + 1, zone: name ?? t(`zone.${kind}`), ...percent })}
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
