import type { Language } from '../texts/translate.ts';

const en = {
  title: 'Reports',
  from: 'From',
  to: 'To',
  ward: 'Ward',
  allWards: 'All wards',
  show: 'Show',
  lastWeek: 'Last 7 days',
  lastMonth: 'Last 30 days',
  lastYear: 'Last 12 months',
  csv: 'Download CSV',
  print: 'Print',
  printShift: 'Print last shift',
  loading: 'Loading the report.',
  damaged: 'Some records are damaged. What they held is missing here. Ask the technician.',
};

const es: typeof en = {
  title: 'Informes',
  from: 'Desde',
  to: 'Hasta',
  ward: 'Unidad',
  allWards: 'Todas las unidades',
  show: 'Mostrar',
  lastWeek: 'Últimos 7 días',
  lastMonth: 'Últimos 30 días',
  lastYear: 'Últimos 12 meses',
  csv: 'Descargar CSV',
  print: 'Imprimir',
  printShift: 'Imprimir el último turno',
  loading: 'Cargando el informe.',
  damaged: 'Algunos registros están dañados. Lo que contenían falta aquí. Avise al técnico.',
};

/** Texts of the view around a report: they travel only with it. */
export const reportViewTexts: Readonly<Record<Language, typeof en>> = { en, es };
