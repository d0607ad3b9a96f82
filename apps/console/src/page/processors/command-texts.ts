import { fill, type GapValues } from '../texts/fill.ts';
import type { Language } from '../texts/translate.ts';
import type { Consequence } from './consequence.ts';

const en = {
  stop: 'Stop {processors}? {rooms} are not monitored until the processor has started again: falls there are not detected.',
  pause: 'Pause {processors}? {rooms} are not monitored until you send resume: falls there are not detected.',
  remove: 'Remove {rooms} from {processors}? Falls there are not detected unless another processor monitors them.',
  remove_room: 'Remove {rooms} from the site? Falls there are not detected afterwards.',
  rename: 'Rename {processors}? Its topics and its rooms go by the new name: {rooms}.',
  release: 'End the close watch of {rooms}? A processor at a lower rate takes over while the incident is open.',
  set_policy:
    'Replace the whole policy? Settings that are left out have their defaults afterwards. The view Policy changes single settings.',
  no_rooms: 'No rooms',
  confirm: 'Yes, send {command}',
  answer_of: 'Answer of {from}',
  nothing_to_do: 'Nothing is to be done.',
  field: 'Field',
  value: 'Value',
  more: '{count} more fields are not shown.',
};

const es: typeof en = {
  stop: '¿Detener {processors}? No se vigila {rooms} hasta que el procesador haya arrancado de nuevo: allí no se detectan caídas.',
  pause: '¿Pausar {processors}? No se vigila {rooms} hasta que envíe resume: allí no se detectan caídas.',
  remove: '¿Quitar {rooms} de {processors}? Allí no se detectan caídas si no las vigila otro procesador.',
  remove_room: '¿Quitar {rooms} de la residencia? Después no se detectan caídas allí.',
  rename: '¿Cambiar el nombre de {processors}? Sus temas y sus habitaciones pasan al nuevo nombre: {rooms}.',
  release:
    '¿Terminar la vigilancia especial de {rooms}? Sigue un procesador a menor ritmo mientras la incidencia está abierta.',
  set_policy:
    '¿Sustituir toda la política? Lo que no se indique toma su valor por defecto. La vista Política cambia ajustes sueltos.',
  no_rooms: 'ninguna habitación',
  confirm: 'Sí, enviar {command}',
  answer_of: 'Respuesta de {from}',
  nothing_to_do: 'No hay nada que hacer.',
  field: 'Campo',
  value: 'Valor',
  more: 'No se muestran otros {count} campos.',
};

type CommandTextKey = keyof typeof en;

/** Texts around commands: they travel only with their view. */
export const commandTexts: Readonly<Record<Language, typeof en>> = { en, es };

export function commandText(language: Language, key: CommandTextKey | Consequence['kind'], values?: GapValues): string {
  return fill(commandTexts[language][key], values);
}
