import type { CommandName, OrchestratorCommandName } from '@vigilia/protocol';
import type { CommandForm } from '../../shared/command-result.ts';
import type { Language } from './translate.ts';

const processorsEs: Readonly<Record<CommandName, string>> = {
  restart: 'Abrir de nuevo la cámara (de una habitación o de todas) y cargar el modelo, junto a lo que está en marcha.',
  change_model: 'Vigilar con otro modelo, una habitación o todas.',
  set_fps: 'Analizar tantas imágenes por segundo (de 0,01 a 30).',
  add_stream: 'Vigilar otra habitación; su dirección sale del servidor de vídeo si no se da `uri`.',
  remove_stream: 'Dejar una habitación. También puede irse la última.',
  change_stream_uri: 'Tomar una habitación de otra dirección.',
  set_confidence: 'Informar de detecciones desde esta confianza (de 0 a 1).',
  enable_tracking: 'Dar a las detecciones un `tracker_id`, o dejar de hacerlo.',
  set_zones: 'Decir dónde están la cama, el sofá, la colchoneta, las salidas y las zonas ignoradas de una habitación.',
  set_camera: 'Corregir la imagen de una cámara: su proporción (16:9; null: la que indica la señal) y su giro.',
  set_decode: 'Decodificar solo imágenes clave, todas, o según el ritmo pedido (auto).',
  reconfigure: 'Cambiar ajustes y habitaciones a la vez, todo o nada.',
  batch_commands: 'Ejecutar una lista ordenada de órdenes como un solo cambio, todo o nada.',
  pause: 'Dejar de analizar; cámaras y modelos siguen abiertos.',
  resume: 'Volver a analizar.',
  stop: 'Terminar el procesador con código 0 (con política de reinicio equivale a reiniciar).',
  status: 'Publicar el estado.',
  metrics: 'Publicar el informe completo de métricas.',
  ping: 'Publicar el estado con `pong: true`.',
  snapshot: 'Publicar una imagen de una habitación, borrosa salvo `reveal`; se rechaza si la política no lo permite.',
  rename_instance: 'Tomar otro identificador: temas, testamento y cliente cambian con él.',
};

const orchestratorEs: Readonly<Record<OrchestratorCommandName, string>> = {
  acknowledge: 'Informar de que una persona se ocupa de una incidencia.',
  resolve: 'Dar la valoración de una incidencia y cerrarla; con una persona aún en el suelo exige `confirmed: true`.',
  undo_verdict: 'Deshacer la valoración de los últimos diez minutos: la incidencia y su alarma quedan como antes.',
  learn_thing:
    'Aprender que lo que mostró una falsa alarma es un objeto, con el que nunca se confunde a quien se mueve.',
  forget_thing: 'Olvidar el objeto que se aprendió de una incidencia.',
  release: 'Terminar ya la vigilancia especial de una habitación; su incidencia sigue.',
  drill: 'Recorrer toda la cadena en una habitación, marcada como simulacro.',
  add_room:
    'Vigilar otra habitación con un solo procesador: `home` o el que tenga menos trabajo. Sin `uri`, la cámara se lee del servidor de vídeo. Un nombre nunca contiene el de un residente.',
  set_room:
    'Cambiar el nombre, la planta, la cámara, el modelo o el ritmo de una habitación; null quita el nombre o la planta.',
  move_room: 'Pasar una habitación a otro procesador, que la ve antes de que el actual la deje.',
  remove_room: 'Dejar de vigilar una habitación; exige `confirmed: true`.',
  set_policy: 'Sustituir la política.',
  change_policy: 'Cambiar ajustes sueltos de la política; lo demás queda igual.',
  get_policy: 'Mostrar la política en vigor, su revisión y sus últimos cambios.',
  plan: 'Decir qué se haría ahora o, con `changes`, qué se haría a causa de ellos.',
  status: 'Publicar el estado.',
};

/** What a command is for, in the page's language; English comes from the protocol itself. */
export function commandSummary(language: Language, { to, name, summary }: CommandForm): string {
  if (language === 'en') return summary;
  const dictionary: Readonly<Record<string, string>> = to === 'processors' ? processorsEs : orchestratorEs;
  return dictionary[name] ?? summary;
}
