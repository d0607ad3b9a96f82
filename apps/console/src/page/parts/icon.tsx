import type { JSX } from 'preact';
import type { RoomCondition } from '../../shared/view.ts';

export type IconName =
  | RoomCondition
  | 'unknown'
  | 'rooms'
  | 'incidents'
  | 'processors'
  | 'zones'
  | 'reports'
  | 'people'
  | 'sound'
  | 'mute'
  | 'settings';

/** 24 × 24 strokes; the shapes differ as much as the colours do. */
const paths: Readonly<Record<IconName, string>> = {
  fall: 'M8 2h8l6 6v8l-6 6H8l-6-6V8zM12 7v6M12 16.5v.5',
  suspected: 'M12 3 22 20H2zM12 10v4M12 17v.2',
  unwatched:
    'M3 3l18 18M10 5.5c.6-.2 1.3-.3 2-.3 5 0 8.5 4 10 6.8-.5 1-1.5 2.4-2.8 3.6M6 7.5C4 9 2.7 11 2 12c1.5 2.8 5 6.8 10 6.8 1.5 0 2.9-.4 4-.9M9.9 10a3 3 0 0 0 4.2 4.2',
  blind: 'M3 3l18 18M4 7H3v11h14M9 7h6l1.5 2H21v9',
  drill: 'M4 4h16v16H4zM9 8h3.5a4 4 0 0 1 0 8H9z',
  helping: 'M12 21s-8-4.7-8-10.5A4.5 4.5 0 0 1 12 8a4.5 4.5 0 0 1 8 2.5C20 16.3 12 21 12 21z',
  recovered: 'M12 3.2a1.8 1.8 0 1 0 .01 0M12 8v7M8 10.5l4-2 4 2M12 15l-3 6M12 15l3 6',
  handover: 'M4 8h14l-4-4M20 16H6l4 4',
  paused: 'M8 4v16M16 4v16',
  waiting: 'M7 3h10M7 21h10M8 3v4l4 5-4 5v4M16 3v4l-4 5 4 5v4',
  well: 'M12 2.5a9.5 9.5 0 1 0 .01 0M7.5 12.5l3 3 6-6.5',
  unknown: 'M12 2.5a9.5 9.5 0 1 0 .01 0M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .9-1 1.7M12 16.8v.2',
  rooms: 'M4 21V5l9-2v18M13 6h7v15M2 21h20M9.5 12v.5',
  incidents: 'M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4',
  processors: 'M6 6h12v12H6zM9 2v4M15 2v4M9 18v4M15 18v4M2 9h4M2 15h4M18 9h4M18 15h4',
  zones: 'M4 6l7-3 9 5-2 11-12 2zM4 6h.01M11 3h.01',
  reports: 'M4 20h16M6 20v-6M11 20V5M16 20v-9',
  people:
    'M9 11a3.5 3.5 0 1 0-.01 0M2.5 20c.5-3.6 3-5.5 6.5-5.5s6 1.9 6.5 5.5M16 4.5a3.5 3.5 0 0 1 0 6.5M18 15c2 .6 3.2 2.2 3.5 5',
  sound: 'M4 9v6h4l5 4V5L8 9zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11',
  mute: 'M4 9v6h4l5 4V5L8 9zM17 9.5l5 5M22 9.5l-5 5',
  settings: 'M4 7h10M18 7h2M16 5v4M4 17h4M12 17h8M10 15v4',
};

/** Beside words only, so a screen reader skips it. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
