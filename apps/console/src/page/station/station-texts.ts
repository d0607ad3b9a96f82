import type { Language } from '../texts/translate.ts';

const en = {
  quiet: 'All {total} rooms are well.',
  tested: 'Sound test played: {time}',
  notTested: 'The sound has not been tested yet.',
};

const es: typeof en = {
  quiet: 'Las {total} habitaciones están sin novedad.',
  tested: 'Prueba de sonido realizada: {time}',
  notTested: 'El sonido aún no se ha probado.',
};

/** Texts of the wall screen: they travel only with it. */
export const stationTexts: Readonly<Record<Language, typeof en>> = { en, es };
