import type { Language } from '../texts/translate.ts';

const en = {
  title: 'True and false alarms',
  period: 'Since {since}. Rooms were watched for {weeks} room-weeks in total. Drills do not count.',
  none: 'No alarms in this period.',
  by_room: 'Room',
  by_model: 'Model and rule',
  true: 'True',
  false: 'False',
  unknown: 'Not known',
  rate: 'False per room-week',
  not_stated: 'not stated',
};

const es: typeof en = {
  title: 'Alarmas verdaderas y falsas',
  period: 'Desde el {since}. En total se han vigilado {weeks} semanas de habitación. Los simulacros no cuentan.',
  none: 'Sin alarmas en este periodo.',
  by_room: 'Habitación',
  by_model: 'Modelo y regla',
  true: 'Verdaderas',
  false: 'Falsas',
  unknown: 'No se sabe',
  rate: 'Falsas por semana y habitación',
  not_stated: 'sin indicar',
};

/** Texts of the tables of alarms: they travel only with them. */
export const figureTexts: Readonly<Record<Language, typeof en>> = { en, es };
