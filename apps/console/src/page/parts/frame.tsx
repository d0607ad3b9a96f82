import type { JSX } from 'preact';
import type { RoomView } from '../../shared/view.ts';
import { usePage } from './context.ts';

type Texts = ReturnType<typeof usePage>['t'];

/** Outlines of people and things on an empty frame; zones lie faintly below. */
export function Frame({ room }: { readonly room: RoomView }): JSX.Element {
  const { t } = usePage();
  const aspect = room.aspect ?? 16 / 9;
  return (
    <svg
      class="frame"
      viewBox={`0 0 ${aspect} 1`}
      role="img"
      aria-label={t('room.frame', { people: peopleText(t, room.people) })}
    >
      <rect class="frame-floor" width={aspect} height="1" />
      {room.zones.map((zone, index) => (
        <polygon
          key={index}
          class={`frame-zone zone-${zone.kind}`}
          points={zone.points.map(([x, y]) => `${x * aspect},${y}`).join(' ')}
        />
      ))}
      {room.outlines.map((box, index) => (
        <rect
          key={index}
          class={box.person ? (box.low ? 'box box-low' : 'box box-person') : 'box'}
          x={box.x * aspect}
          y={box.y}
          width={box.width * aspect}
          height={box.height}
          rx="0.015"
        />
      ))}
    </svg>
  );
}

export function peopleText(t: Texts, people: number): string {
  if (people === 0) return t('room.people.0');
  return people === 1 ? t('room.people.1') : t('room.people.n', { n: people });
}
