import type { JSX } from 'preact';
import type { RoomView } from '../../shared/view.ts';
import { usePage } from './context.ts';

/** What the shapes on the frame of a room mean; only those that can be seen now, and both kinds of people. */
export function Legend({ room }: { readonly room: RoomView }): JSX.Element {
  const { t } = usePage();
  const things = room.outlines.some(({ person }) => !person);
  const kinds = [...new Set(room.zones.map(({ kind }) => kind))];
  return (
    <ul class="legend" aria-label={t('legend.title')}>
      <Entry shape="box box-low" text={t('legend.low')} />
      <Entry shape="box box-person" text={t('legend.person')} />
      {things ? <Entry shape="box" text={t('legend.thing')} /> : null}
      {kinds.map((kind) => (
        <Entry key={kind} shape={`frame-zone zone-${kind}`} text={t(`zone.${kind}`)} />
      ))}
    </ul>
  );
}

function Entry({ shape, text }: { readonly shape: string; readonly text: string }): JSX.Element {
  return (
    <li>
      <svg viewBox="0 0 0.3 0.2" aria-hidden="true" focusable="false">
        <rect class={shape} x="0.02" y="0.02" width="0.26" height="0.16" />
      </svg>
      {text}
    </li>
  );
}
