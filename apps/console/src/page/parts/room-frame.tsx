import type { JSX } from 'preact';
import type { SnapshotView } from '../../shared/snapshot-view.ts';
import type { RoomView } from '../../shared/view.ts';
import { clockTime } from '../texts/times.ts';
import type { Language } from '../texts/translate.ts';
import { usePage } from './context.ts';

type Texts = ReturnType<typeof usePage>['t'];

export interface FrameProps {
  readonly room: RoomView;
  /** What lies below the outlines, where a person asked for it. */
  readonly snapshot?: SnapshotView | undefined;
}

/** Outlines of people and things on an empty frame, or on a snapshot; zones lie faintly below. */
export function RoomFrame({ room, snapshot }: FrameProps): JSX.Element {
  const { t, language } = usePage();
  const aspect = room.aspect ?? 16 / 9;
  const people = peopleText(t, room.people);
  const label =
    snapshot === undefined
      ? t('room.frame', { people })
      : `${t('room.outlines', { people })} ${snapshotText(t, language, snapshot)}`;
  return (
    <svg class="frame" viewBox={`0 0 ${aspect} 1`} role="img" aria-label={label}>
      <FrameGround aspect={aspect} snapshot={snapshot} />
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

/** The floor that outlines and zones are drawn on: empty, or the snapshot. */
export function FrameGround({ aspect, snapshot }: { aspect: number; snapshot: SnapshotView | undefined }): JSX.Element {
  if (snapshot === undefined) return <rect class="frame-floor" width={aspect} height="1" />;
  return (
    <image
      class={snapshot.blurred ? 'still still-coarse' : 'still'}
      href={`data:image/jpeg;base64,${snapshot.jpeg}`}
      width={aspect}
      height="1"
      preserveAspectRatio="none"
    />
  );
}

/** `Coarse snapshot of 15:42:07.` */
export function snapshotText(t: Texts, language: Language, { blurred, at }: SnapshotView): string {
  return t(blurred ? 'snapshot.coarse' : 'snapshot.clear', { time: clockTime(language, at, Date.now()) });
}

function peopleText(t: Texts, people: number): string {
  if (people === 0) return t('room.people.0');
  return people === 1 ? t('room.people.1') : t('room.people.n', { n: people });
}
