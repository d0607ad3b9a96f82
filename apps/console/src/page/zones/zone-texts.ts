import { fill, type GapValues } from '../texts/fill.ts';
import type { Language } from '../texts/translate.ts';

const en = {
  title: 'Zones',
  room: 'Room',
  choose: 'Choose a room',
  help: 'Add a zone and drag its corners, or move a corner with the arrow keys (Shift: larger steps, Delete: remove).',
  add: 'Add a zone',
  kind: 'Kind',
  name: 'Name',
  remove: 'Remove',
  add_corner: 'Add a corner',
  corner: 'Corner {n} of {zone}: {x} % across, {y} % down',
  list: 'Zones of this room',
  none: 'No zones yet.',
  save: 'Save',
  discard: 'Discard changes',
  saved: 'Saved.',
  not_kept:
    'In force now, but the orchestrator has not kept them: they are lost when the room moves to another processor. Is it running?',
  changed: 'Not saved yet.',
  frame: 'Empty frame of the room with its zones',
  frame_snapshot: 'The room with its zones.',
  learned: 'Learned from a false alarm by {by}, {day}',
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
  title: 'Zonas',
  room: 'Habitación',
  choose: 'Elija una habitación',
  help: 'Añada una zona y arrastre sus esquinas, o mueva una esquina con las flechas (Mayús: pasos mayores, Supr: quitar).',
  add: 'Añadir una zona',
  kind: 'Tipo',
  name: 'Nombre',
  remove: 'Quitar',
  add_corner: 'Añadir una esquina',
  corner: 'Esquina {n} de {zone}: {x} % a lo ancho, {y} % a lo alto',
  list: 'Zonas de esta habitación',
  none: 'Aún no hay zonas.',
  save: 'Guardar',
  discard: 'Descartar los cambios',
  saved: 'Guardado.',
  not_kept:
    'Ya están en vigor, pero el orquestador no las ha guardado: se pierden si la habitación cambia de procesador. ¿Está en marcha?',
  changed: 'Sin guardar.',
  frame: 'Fotograma vacío de la habitación con sus zonas',
  frame_snapshot: 'La habitación con sus zonas.',
  learned: 'Aprendido de una falsa alarma por {by}, {day}',
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

export function zoneText(language: Language, key: keyof typeof en, values?: GapValues): string {
  return fill(zoneTexts[language][key], values);
}
