import type { JSX } from 'preact';
import type { PictureView } from '../../shared/picture-view.ts';
import type { RoomView } from '../../shared/view.ts';
import { clockTime } from '../texts/times.ts';
import type { Language } from '../texts/translate.ts';
import { usePage } from './context.ts';

type Texts = ReturnType<typeof usePage>['t'];

export interface FrameProps {
  readonly room: RoomView;
  /** What lies below the outlines, where somebody asked for it. */
  readonly picture?: PictureView | undefined;
}

/** Outlines of people and things on an empty frame, or on a picture; zones lie faintly below. */
export function RoomFrame({ room, picture }: FrameProps): JSX.Element {
  const { t, language } = usePage();
  const aspect = room.aspect ?? 16 / 9;
  const people = peopleText(t, room.people);
  const label =
    picture === undefined
      ? t('room.frame', { people })
      : `${t('room.outlines', { people })} ${pictureText(t, language, picture)}`;
  return (
    <svg class="frame" viewBox={`0 0 ${aspect} 1`} role="img" aria-label={label}>
      <FrameGround aspect={aspect} picture={picture} />
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

/** The floor that outlines and zones are drawn on: empty, or the picture. */
export function FrameGround({ aspect, picture }: { aspect: number; picture: PictureView | undefined }): JSX.Element {
  if (picture === undefined) return <rect class="frame-floor" width={aspect} height="1" />;
  return (
    <image
      class={picture.blurred ? 'still still-coarse' : 'still'}
      href={`data:image/jpeg;base64,${picture.jpeg}`}
      width={aspect}
      height="1"
      preserveAspectRatio="none"
    />
  );
}

/** `Coarse picture of 15:42:07.` */
export function pictureText(t: Texts, language: Language, { blurred, at }: PictureView): string {
  return t(blurred ? 'picture.coarse' : 'picture.clear', { time: clockTime(language, at, Date.now()) });
}

function peopleText(t: Texts, people: number): string {
  if (people === 0) return t('room.people.0');
  return people === 1 ? t('room.people.1') : t('room.people.n', { n: people });
}
