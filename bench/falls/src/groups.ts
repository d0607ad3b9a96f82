import type { ClipRun } from './evaluate-clip.ts';

/** Clips that are judged together. The care homes are apart: of unclear origin, occluded, and only three. */
export const groups: readonly { readonly title: string; readonly has: (run: ClipRun) => boolean }[] = [
  { title: 'URFD + GMDCSA24', has: ({ clip }) => clip.set === 'urfd' || clip.set === 'gmdcsa24' },
  { title: 'Rendered rooms', has: ({ clip }) => clip.name.startsWith('rooms/') },
  { title: 'Care homes', has: ({ clip }) => clip.name.includes('care-home') },
  {
    title: 'Other clips',
    has: ({ clip }) =>
      !/^(urfd|gmdcsa24)$/.test(clip.set) && !clip.name.startsWith('rooms/') && !clip.name.includes('care-home'),
  },
];
