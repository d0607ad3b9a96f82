import type { Language } from '../texts/translate.ts';

const en = {
  draw: 'Draw a zone by clicks',
  drawing: 'Click the corners in their order, then finish. {count} corners so far.',
  finish: 'Finish the zone',
  cancel: 'Cancel',
  by_click: 'Add corners by clicks',
  undo: 'Undo',
  redo: 'Redo',
  suggest: 'Add the suggested {zone}',
  suggestions: 'Seen by the model',
  no_suggestions:
    'The model {model} sees no bed, couch or chair without a zone. Models that detect only people suggest nothing.',
  crosses_itself: 'Zone {zone} crosses itself at the mark. Put its corners in order.',
  overlaps: 'Zone {zone} overlaps zone {other} at the mark. Move a corner so that they only touch.',
  not_saved_problem: 'The zones can be saved when no mark is left.',
  kept: 'These changes were not saved. They are still here.',
};

const es: typeof en = {
  draw: 'Dibujar una zona con clics',
  drawing: 'Haga clic en las esquinas por orden y termine. Van {count} esquinas.',
  finish: 'Terminar la zona',
  cancel: 'Cancelar',
  by_click: 'Añadir esquinas con clics',
  undo: 'Deshacer',
  redo: 'Rehacer',
  suggest: 'Añadir la zona propuesta: {zone}',
  suggestions: 'Visto por el modelo',
  no_suggestions:
    'El modelo {model} no ve ninguna cama, sofá o silla sin zona. Los modelos que solo detectan personas no proponen nada.',
  crosses_itself: 'La zona {zone} se cruza consigo misma en la marca. Ordene sus esquinas.',
  overlaps: 'La zona {zone} se solapa con la zona {other} en la marca. Mueva una esquina para que solo se toquen.',
  not_saved_problem: 'Las zonas se pueden guardar cuando no queda ninguna marca.',
  kept: 'Estos cambios no se habían guardado. Siguen aquí.',
};

/** Texts of the zones' view: they travel only with it. */
export const zoneTexts: Readonly<Record<Language, typeof en>> = { en, es };

export function zoneText(
  language: Language,
  key: keyof typeof en,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return zoneTexts[language][key].replace(/\{(\w+)\}/g, (gap, name: string) => String(values[name] ?? gap));
}
