import type { ZoneKind } from '@vigilia/protocol';

/** Size of a symbol on its own grid. */
export const symbolGrid = { width: 24, height: 16 } as const;

/**
 * Paths (SVG 1.1, 8.3) of what stands in each kind of zone, from the side: readable without a font and without colours. A floor mat is
 * seen from above; a cross marks where nothing is observed.
 */
export const zoneSymbols: Readonly<Record<ZoneKind, string>> = {
  bed: 'M2 2V15M2 12H22V15M22 12V9Q22 7 20 7H11V12M4 9.5a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0 -4.4 0',
  sofa: 'M5 7V4Q5 2 7 2H17Q19 2 19 4V7M5 11V8.5Q5 7 3.5 7Q2 7 2 8.5V14H22V8.5Q22 7 20.5 7Q19 7 19 8.5V11ZM12 2V11',
  floor_mat: 'M3 4H21V12H3ZM6 4V12M18 4V12M9 8H15',
  exit: 'M3 15H21M7 15V1H17V15M14 8V9.5',
  ignore: 'M5 2L19 14M19 2L5 14',
  thing: 'M5 5L12 2L19 5V12L12 15L5 12ZM5 5L12 8L19 5M12 8V15',
};
